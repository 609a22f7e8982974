import { cidr } from '../../model/address';
import type { Evidence } from '../../model/explanation';
import { UNPRIVILEGED_PORTS } from '../../model/ports';
import type { AclEntry, SecurityGroupRule } from '../../model/vpc';
import type { World } from '../../model/world';
import { trafficName } from '../ends/names';
import type { Destination } from '../ends/types';
import type { FlipCandidate, FlipQuestion } from './types';

/** Changes to security groups and network ACLs that may turn a verdict around. */
export function vpcCandidates({
  world,
  explanation,
  packets,
}: FlipQuestion): readonly FlipCandidate[] {
  const { target } = packets.ingress;
  return explanation.by.flatMap((evidence) => {
    if (evidence.filter === 'security-group') return groupChange({ world, evidence, target });
    if (evidence.filter === 'network-acl') return aclChanges({ world, evidence, target });
    return [];
  });
}

interface Refusal {
  readonly world: World;
  readonly evidence: Evidence;
  readonly target: Destination;
}

/** The change is tried with every address on the other side; the evidence says which one to allow. */
const ANY_ADDRESS = [cidr('0.0.0.0/0'), cidr('::/0')];

function groupChange({ world, evidence, target }: Refusal): readonly FlipCandidate[] {
  const { filter, direction, rule } = evidence;
  const [object = ''] = evidence.object.split(', ');
  const change = (rules: readonly SecurityGroupRule[]): readonly SecurityGroupRule[] =>
    rule === null
      ? [...rules, ...ANY_ADDRESS.map((block) => allowing(block, target))]
      : rules.filter((_, i) => i !== rule);
  const text =
    rule === null
      ? `add an ${direction} rule for ${trafficName(target)} to security group ${object}`
      : `remove ${direction} rule ${rule} from security group ${object}`;
  const changed: World = {
    ...world,
    vpcs: world.vpcs.map((vpc) => ({
      ...vpc,
      securityGroups: vpc.securityGroups.map((group) =>
        group.name === object ? { ...group, [direction]: change(group[direction]) } : group,
      ),
    })),
  };
  return [{ filter, direction, object, change: text, world: changed }];
}

const allowing = (
  block: (typeof ANY_ADDRESS)[number],
  { port }: Destination,
): SecurityGroupRule => ({
  protocol: 'any',
  ports: port === undefined ? 'any' : { first: port, last: port },
  peer: { kind: 'cidr', cidr: block },
});

function aclChanges({ world, evidence, target }: Refusal): readonly FlipCandidate[] {
  const { filter, direction, object, rule } = evidence;
  const changed = (change: (entries: readonly AclEntry[]) => readonly AclEntry[]): World => ({
    ...world,
    vpcs: world.vpcs.map((vpc) => ({
      ...vpc,
      networkAcls: vpc.networkAcls.map((acl) =>
        acl.name === object ? { ...acl, [direction]: change(acl[direction]) } : acl,
      ),
    })),
  });
  const removal = {
    change: `remove ${direction} rule ${rule} from network ACL ${object}`,
    world: changed((entries) => entries.filter(({ number }) => number !== rule)),
  };
  const opened = (ports: AclEntry['ports'], what: string, why: string) => ({
    change: `add an ${direction} rule to network ACL ${object}, before any that denies it, that allows ${what}${why}`,
    world: changed((entries) => [...ANY_ADDRESS.map((block) => first(block, ports)), ...entries]),
  });
  const { port, protocol } = target;
  const exact = port === undefined ? 'any' : { first: port, last: port };
  return [
    ...(rule === null ? [] : [removal]),
    opened(exact, trafficName(target), ''),
    opened(
      UNPRIVILEGED_PORTS,
      `${protocol} 1024-65535`,
      ': replies go to the port that the client took',
    ),
  ].map((tried) => ({ filter, direction, object, ...tried }));
}

const first = (block: (typeof ANY_ADDRESS)[number], ports: AclEntry['ports']): AclEntry => ({
  number: 1,
  action: 'allow',
  protocol: 'any',
  cidr: block,
  ports,
});
