import { ip } from '../../../lib/model/address';
import { UNPRIVILEGED_PORTS } from '../../../lib/model/ports';
import type { NetworkInterface, SecurityGroup, Vpc } from '../../../lib/model/vpc';
import { indexVpcs } from '../../../lib/reach/vpc/lookup';
import { askGroups } from '../../../lib/reach/vpc/security-group';
import { readTemplates } from '../../../lib/read/cloudformation/templates';
import { synthesize } from '../synthesized';
import { ADDRESS, type Call, LABS, type Who } from './calls';

/** The lab's VPC with one interface for everybody whose group it has. */
function vpcOf(lab: string, context: Readonly<Record<string, string>>): Vpc {
  const reading = readTemplates(synthesize({ lab, ...context }).files);
  if (reading.kind === 'problems') throw new Error(JSON.stringify(reading.problems));
  const [vpc] = reading.value.vpcs;
  if (vpc === undefined) throw new Error('the templates have no VPC');
  const interfaces = Object.entries(ADDRESS).flatMap(([who, address]): NetworkInterface[] => {
    const group = vpc.securityGroups.find(({ name }) => name === who.replace(/-b$/, ''));
    if (group === undefined) return [];
    const subnet = vpc.subnets[0]?.id ?? '';
    const owner = { kind: 'control-plane' } as const;
    return [
      {
        id: who,
        subnet,
        securityGroups: [group.id],
        addresses: [ip(address)],
        prefixes: [],
        owner,
      },
    ];
  });
  return { ...vpc, interfaces };
}

/** What refuses a call: the caller's groups outwards, the callee's inwards. */
function refusals(vpc: Vpc, [from, to, protocol, port]: Call): readonly string[] {
  const index = indexVpcs({ vpcs: [vpc], nodes: [] });
  const packet = {
    source: ip(ADDRESS[from]),
    destination: ip(ADDRESS[to]),
    protocol,
    sourcePorts: UNPRIVILEGED_PORTS,
    ports: { first: port, last: port },
  };
  const ask = (who: Who, direction: 'egress' | 'ingress') => {
    const own = vpc.interfaces.find(({ id }) => id === who);
    return own === undefined
      ? []
      : [askGroups(index, { vpc, interface: own }, { direction, packet })];
  };
  return [...ask(from, 'egress'), ...ask(to, 'ingress')].flatMap((decision) =>
    decision === undefined || decision.kind === 'allowed' ? [] : [decision.evidence.because],
  );
}

describe.each(LABS)('$lab', ({ lab, context, mustWork, mustFail }) => {
  const vpc = vpcOf(lab, context);
  const ours = vpc.securityGroups.filter(({ name }) => name in ADDRESS);

  test.each(mustWork)('%s may call %s by %s %i', (...call) => {
    expect(refusals(vpc, call)).toEqual([]);
  });

  test.each(mustFail)('%s may not call %s by %s %i', (...call) => {
    expect(refusals(vpc, call)).not.toEqual([]);
  });

  test('every rule is needed: without it a call fails, and the refusal names the group', () => {
    const rules = ours.flatMap((group) =>
      (['ingress', 'egress'] as const).flatMap((direction) =>
        group[direction]
          .map((rule, place) => ({ group, direction, place, rule }))
          // The library's way to write "nobody" is a rule that matches nothing.
          .filter(({ rule }) => rule.description !== 'Disallow all traffic'),
      ),
    );
    const idle = rules.filter((rule) => {
      const broken = mustWork.flatMap((call) => refusals(without(vpc, rule), call));
      return broken.length === 0 || !broken.every((why) => why.includes(rule.group.name));
    });
    const nameOf = ({ group, direction, place }: RuleAt) =>
      `${group.name} ${direction}: ${group[direction][place]?.description}`;
    expect(rules.length).toBeGreaterThan(8);
    // The way out to the internet carries it too; it stays for a lab that closes that way.
    expect(idle.map(nameOf)).toEqual(['nodes egress: kubelets and pods call the Kubernetes API']);
  });

  test('every rule says why, and nothing is open inwards to the whole internet', () => {
    const rules = ours.flatMap(({ ingress, egress }) => [...ingress, ...egress]);
    expect(rules.filter(({ description = '' }) => description.length < 10)).toEqual([]);
    const open = ours.flatMap(({ ingress }) =>
      ingress.filter(({ peer }) => peer.kind === 'cidr' && peer.cidr.prefix === 0),
    );
    expect(open).toEqual([]);
  });
});

interface RuleAt {
  readonly group: SecurityGroup;
  readonly direction: 'ingress' | 'egress';
  readonly place: number;
}

const without = (vpc: Vpc, { group, direction, place }: RuleAt): Vpc => ({
  ...vpc,
  securityGroups: vpc.securityGroups.map((own) =>
    own.id === group.id
      ? { ...own, [direction]: own[direction].filter((_, i) => i !== place) }
      : own,
  ),
});
