import { ip } from '../../lib/model/address';
import type { NetworkInterface, SecurityGroup, Vpc } from '../../lib/model/vpc';
import { askGroups } from '../../lib/reach/security-group';
import { indexVpcs } from '../../lib/reach/vpc-index';
import { ANY_CLIENT_PORTS } from '../../lib/reach/vpc-packet';
import { readTemplates } from '../../lib/snapshot/template';
import { synthesize } from './synthesized';

/** Who carries a group, and somebody outside; the addresses lie where the default layout puts them. */
const ADDRESS = {
  nodes: '10.0.0.10',
  'nodes-b': '10.0.32.10',
  'control-plane': '10.0.192.4',
  'load-balancers': '10.0.128.10',
  endpoints: '10.0.0.20',
  'pods-web': '10.0.0.30',
  'pods-db': '10.0.0.40',
  somebody: '10.0.0.99',
  pod: '100.64.0.10',
  allowed: '203.0.113.7',
  internet: '198.51.100.7',
} as const;

type Who = keyof typeof ADDRESS;

/** `from -> to protocol port`. */
type Call = readonly [from: Who, to: Who, protocol: 'TCP' | 'UDP', port: number];

const ANYTHING: readonly Call[] = [
  ['nodes', 'nodes-b', 'TCP', 8080],
  ['nodes', 'nodes-b', 'UDP', 53],
];
const CLUSTER: readonly Call[] = [
  ['nodes', 'control-plane', 'TCP', 443],
  ['control-plane', 'nodes', 'TCP', 10250],
  ['control-plane', 'nodes', 'TCP', 5443],
  ['nodes', 'internet', 'TCP', 443],
  ['nodes', 'internet', 'TCP', 80],
];

/** Each lab's calls that must work; together they need every rule of its groups. */
const LABS: readonly {
  readonly lab: string;
  readonly context: Readonly<Record<string, string>>;
  readonly mustWork: readonly Call[];
  readonly mustFail: readonly Call[];
}[] = [
  {
    lab: 'k8s-5-network-policy',
    context: {},
    mustWork: [...ANYTHING, ...CLUSTER],
    mustFail: [
      ['internet', 'nodes', 'TCP', 443],
      ['nodes', 'internet', 'TCP', 22],
      ['nodes', 'internet', 'UDP', 53],
      ['control-plane', 'internet', 'TCP', 443],
      ['control-plane', 'nodes', 'TCP', 22],
      ['somebody', 'control-plane', 'TCP', 443],
      ['somebody', 'nodes', 'TCP', 8080],
      ['nodes', 'control-plane', 'TCP', 10250],
    ],
  },
  {
    lab: 'capstone',
    context: { allowedCidrs: '203.0.113.7/32' },
    mustWork: [
      ...ANYTHING,
      ...CLUSTER,
      ['control-plane', 'nodes', 'TCP', 9443],
      ['allowed', 'load-balancers', 'TCP', 80],
      ['allowed', 'load-balancers', 'TCP', 443],
      ['somebody', 'load-balancers', 'TCP', 80],
      ['somebody', 'load-balancers', 'TCP', 443],
      ['pod', 'load-balancers', 'TCP', 80],
      ['pod', 'load-balancers', 'TCP', 443],
      ['load-balancers', 'nodes', 'TCP', 80],
      ['load-balancers', 'nodes', 'TCP', 8080],
      ['load-balancers', 'nodes', 'TCP', 8443],
      ['load-balancers', 'nodes', 'TCP', 30080],
    ],
    mustFail: [
      ['internet', 'load-balancers', 'TCP', 443],
      ['allowed', 'nodes', 'TCP', 30080],
      ['load-balancers', 'control-plane', 'TCP', 443],
      ['load-balancers', 'nodes', 'TCP', 10250],
      ['load-balancers', 'internet', 'TCP', 443],
    ],
  },
  {
    lab: 'aws-3-vpc-cni',
    context: { privateOnly: 'true' },
    mustWork: [
      ...ANYTHING,
      ...CLUSTER,
      ['somebody', 'endpoints', 'TCP', 443],
      ['pod', 'endpoints', 'TCP', 443],
      ['pods-web', 'pods-db', 'TCP', 5432],
      ['nodes', 'pods-web', 'TCP', 8080],
      ['pods-web', 'nodes', 'UDP', 53],
      ['pods-web', 'nodes', 'TCP', 53],
      ['pods-db', 'nodes', 'UDP', 53],
      ['pods-db', 'nodes', 'TCP', 53],
    ],
    mustFail: [
      ['nodes', 'pods-db', 'TCP', 5432],
      ['pods-db', 'pods-web', 'TCP', 8080],
      ['pods-db', 'internet', 'TCP', 443],
      ['pods-web', 'nodes', 'TCP', 8080],
      ['internet', 'endpoints', 'TCP', 443],
      ['endpoints', 'internet', 'TCP', 443],
    ],
  },
];

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
    sourcePorts: ANY_CLIENT_PORTS,
    ports: { first: port, last: port },
  };
  const ask = (who: Who, direction: 'egress' | 'ingress') => {
    const own = vpc.interfaces.find(({ id }) => id === who);
    return own === undefined ? [] : [askGroups(index, own, { direction, packet })];
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
