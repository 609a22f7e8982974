import { expiryStackName, STACK_PARTS, stackName } from '../../model/lab-tags';
import { KINDS, type Leftover, type LeftoverKind } from '../inventory/leftover';

/** A group of removals that may run once everything in the stages before it is gone or stuck. */
export interface TeardownStage {
  readonly name: string;
  /** What a call removes, in order of kinds. */
  readonly steps: readonly Leftover[];
  /** What will go by itself, and is worth waiting for before the next stage begins. */
  readonly waits: readonly Leftover[];
}

/**
 * The order in which a lab goes, from what is there now. Controllers' load balancers first (they
 * hold addresses and interfaces in every subnet), then the stacks from the last to the first with
 * what they leave behind in between, then by hand whatever is still there. A stack whose deletion
 * failed no longer shields its resources: they go one by one, and it is tried again at the end.
 * The expiry goes last of all: whatever stops a teardown, it still ends the lab.
 */
export function stagesOf(ours: readonly Leftover[], lab: string): readonly TeardownStage[] {
  const live = new Set(
    ours.filter((i) => i.kind === 'stack' && i.status.kind !== 'failed').map((i) => i.name),
  );
  const free = ours.filter((item) => item.kind !== 'stack' && !isHeld(item, live));
  const stack = (name: string) =>
    stage(
      `stack ${name}`,
      ours.filter((i) => i.kind === 'stack' && i.name === name && live.has(name)),
    );
  const [network = '', ...later] = STACK_PARTS.map((part) => stackName(lab, part));
  const failed = ours.filter((item) => item.kind === 'stack' && !live.has(item.name));
  const expiry = expiryStackName(lab);
  const others = [...live].filter((name) => ![network, expiry, ...later].includes(name));
  return [
    stage(
      'load balancers',
      free.filter(of('load-balancer', 'classic-load-balancer', 'target-group')),
    ),
    ...[...others, ...later.reverse()].map(stack),
    stage('node groups', free.filter(of('fargate-profile', 'node-group'))),
    stage('cluster', free.filter(of('cluster'))),
    stage(
      'leftovers',
      free.filter((item) => stageOfKind(item.kind) === 'leftovers'),
    ),
    stack(network),
    stage(
      'the VPC',
      free.filter((item) => stageOfKind(item.kind) === 'vpc'),
    ),
    ...failed.map((item) => stage(`stack ${item.name}, again`, [item])),
    stack(expiry),
    stage('log groups', free.filter(of('log-group'))),
  ].filter(({ steps, waits }) => steps.length + waits.length > 0);
}

/** The stack a resource goes with, where it is still there to take it along. */
export function heldBy(item: Leftover, ours: readonly Leftover[]): string | undefined {
  const name = item.tags['aws:cloudformation:stack-name'];
  const isThere = ours.some(
    (i) => i.kind === 'stack' && i.name === name && i.status.kind !== 'failed',
  );
  return isThere && item.kind !== 'stack' ? name : undefined;
}

const isHeld = (item: Leftover, live: ReadonlySet<string>): boolean =>
  live.has(item.tags['aws:cloudformation:stack-name'] ?? '');

const of =
  (...kinds: readonly LeftoverKind[]) =>
  (item: Leftover): boolean =>
    kinds.includes(item.kind);

/** What the network stack is made of waits for it; what others put beside it goes before. */
function stageOfKind(kind: LeftoverKind): 'leftovers' | 'vpc' | 'elsewhere' {
  switch (kind) {
    case 'instance':
    case 'launch-template':
    case 'vpc-endpoint':
    case 'flow-log':
    case 'network-interface':
    case 'volume':
    case 'security-group':
    case 'peering':
    case 'transit-gateway-attachment':
      return 'leftovers';
    case 'nat-gateway':
    case 'address':
    case 'subnet':
    case 'route-table':
    case 'network-acl':
    case 'egress-only-internet-gateway':
    case 'internet-gateway':
    case 'vpn-gateway':
    case 'vpc':
      return 'vpc';
    case 'load-balancer':
    case 'classic-load-balancer':
    case 'target-group':
    case 'stack':
    case 'fargate-profile':
    case 'node-group':
    case 'cluster':
    case 'log-group':
    case 'other':
      return 'elsewhere';
  }
}

function stage(name: string, items: readonly Leftover[]): TeardownStage {
  const ordered = items.toSorted((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind));
  return {
    name,
    steps: ordered.filter(({ status }) => status.kind === 'idle' || status.kind === 'failed'),
    waits: ordered.filter(goesSoon),
  };
}

/** A NAT gateway's or endpoint's interface, or a main route table, stays as long as its owner. */
const goesSoon = ({ status }: Leftover): boolean =>
  status.kind === 'going' ||
  (status.kind === 'attached' && status.to !== 'vpc' && status.to !== 'network');
