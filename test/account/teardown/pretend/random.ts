import fc from 'fast-check';
import { keyOf, type LeftoverKind } from '../../../../lib/account/inventory/leftover';
import { LAB_TAG } from '../../../../lib/model/lab-tags';
import type { Thing } from './account';

export const LAB = 'k8s-5-network-policy';

/** Whose a thing was made to be: the truth that the sweep has to find out. */
export type Truth = 'mine' | 'guest' | 'neighbour';

export interface Made {
  readonly thing: Thing;
  readonly truth: Truth;
}

const IN_VPC: readonly LeftoverKind[] = [
  'load-balancer',
  'classic-load-balancer',
  'target-group',
  'instance',
  'vpc-endpoint',
  'nat-gateway',
  'network-interface',
  'security-group',
  'subnet',
  'route-table',
  'network-acl',
  'internet-gateway',
  'egress-only-internet-gateway',
  'vpn-gateway',
  'peering',
  'transit-gateway-attachment',
  'flow-log',
];
const MINE_VPC = 'vpc-mine';
const OTHER_VPC = 'vpc-other';
const STACK_TAG = 'aws:cloudformation:stack-name';
/** Names are free text: any of them may be on anything. */
const NAMES = ['', LAB, `${LAB}-network`, MINE_VPC, `/aws/eks/${LAB}/cluster`];

/** How a thing says whose it is. Every row is a case seen in real accounts. */
const MARKS: readonly {
  readonly truth: Truth;
  readonly tags: Readonly<Record<string, string>>;
  readonly vpc: string | undefined;
}[] = [
  { truth: 'mine', tags: { [LAB_TAG]: LAB }, vpc: MINE_VPC },
  { truth: 'mine', tags: { [LAB_TAG]: LAB }, vpc: undefined },
  { truth: 'mine', tags: {}, vpc: MINE_VPC },
  { truth: 'mine', tags: { 'elbv2.k8s.aws/cluster': LAB }, vpc: MINE_VPC },
  { truth: 'mine', tags: { 'elbv2.k8s.aws/cluster': LAB }, vpc: undefined },
  { truth: 'mine', tags: { [`kubernetes.io/cluster/${LAB}`]: 'owned' }, vpc: 'vpc-long-gone' },
  { truth: 'mine', tags: { 'cluster.k8s.amazonaws.com/name': LAB }, vpc: MINE_VPC },
  { truth: 'guest', tags: { [LAB_TAG]: 'k8s-6-other' }, vpc: MINE_VPC },
  { truth: 'guest', tags: { 'aws:cloudformation:stack-name': 'payroll' }, vpc: MINE_VPC },
  { truth: 'guest', tags: { 'kubernetes.io/cluster/theirs': 'owned' }, vpc: MINE_VPC },
  { truth: 'neighbour', tags: {}, vpc: OTHER_VPC },
  { truth: 'neighbour', tags: {}, vpc: undefined },
  { truth: 'neighbour', tags: { [LAB_TAG]: `${LAB}-network` }, vpc: OTHER_VPC },
  { truth: 'neighbour', tags: { [`kubernetes.io/cluster/${LAB}`]: 'shared' }, vpc: OTHER_VPC },
  { truth: 'neighbour', tags: { 'elbv2.k8s.aws/cluster': LAB }, vpc: OTHER_VPC },
  { truth: 'neighbour', tags: { 'elbv2.k8s.aws/cluster': 'theirs' }, vpc: OTHER_VPC },
  // Look-alikes: names and tags that a person wrote or copied.
  {
    truth: 'neighbour',
    tags: { Name: LAB, lab: LAB, project: 'eks-network-labs' },
    vpc: OTHER_VPC,
  },
  { truth: 'neighbour', tags: { Name: LAB }, vpc: undefined },
  { truth: 'neighbour', tags: { Name: MINE_VPC }, vpc: undefined },
  { truth: 'neighbour', tags: { [LAB_TAG]: LAB }, vpc: OTHER_VPC },
  { truth: 'neighbour', tags: { [LAB_TAG]: LAB, [STACK_TAG]: 'payroll' }, vpc: undefined },
  {
    truth: 'neighbour',
    tags: { [LAB_TAG]: LAB, 'kubernetes.io/cluster/theirs': 'owned' },
    vpc: undefined,
  },
  { truth: 'neighbour', tags: { [LAB_TAG]: LAB.toUpperCase() }, vpc: undefined },
  { truth: 'guest', tags: { [LAB_TAG]: LAB, [STACK_TAG]: 'payroll' }, vpc: MINE_VPC },
];

/** Accounts with my lab's VPC, somebody else's, and things of every kind marked in every way. */
export const accounts = accountsOf({ maxLength: 30 });

export function accountsOf(size: {
  readonly minLength?: number;
  readonly maxLength: number;
}): fc.Arbitrary<readonly Made[]> {
  const row = fc
    .record({
      kind: fc.constantFrom<LeftoverKind>(...IN_VPC, 'volume', 'address', 'launch-template'),
      mark: fc.constantFrom(...MARKS),
      slow: fc.option(fc.nat(3), { nil: undefined }),
      names: fc.array(fc.nat(30), { maxLength: 3 }),
      name: fc.constantFrom(...NAMES),
    })
    // Without a VPC to tell them apart, my cluster's name on a thing is all there is.
    .filter(({ kind, mark }) => IN_VPC.includes(kind) || mark.vpc !== OTHER_VPC);
  return fc.array(row, size).map((rows) => build(rows));
}

function build(
  rows: readonly {
    readonly kind: LeftoverKind;
    readonly mark: (typeof MARKS)[number];
    readonly slow: number | undefined;
    readonly names: readonly number[];
    readonly name: string;
  }[],
): readonly Made[] {
  const made = rows.map(({ kind, mark, slow, name }, index): Made => {
    const vpcs = mark.vpc !== undefined && IN_VPC.includes(kind) ? [mark.vpc] : [];
    // Only a place in the VPC makes an untagged thing a guest or mine.
    const truth = placeless(mark, vpcs) ? 'neighbour' : mark.truth;
    const thing: Thing = {
      kind,
      id: `${kind}-${index}`,
      name,
      tags: mark.tags,
      vpcs,
      perHour: 0,
      status: { kind: 'idle' },
      ...(slow === undefined ? {} : { slow }),
    };
    return { truth, thing };
  });
  const linked = made.map((one, index) => ({ ...one, thing: link(one, made, rows[index]?.names) }));
  return [...linked, vpc(MINE_VPC, LAB, linked), vpc(OTHER_VPC, undefined, linked)];
}

const placeless = (mark: (typeof MARKS)[number], vpcs: readonly string[]): boolean =>
  vpcs.length === 0 && mark.truth !== 'neighbour' && !saysMine(mark.tags);

const saysMine = (tags: Readonly<Record<string, string>>): boolean =>
  Object.entries(tags).some(([key, value]) => value === LAB || key.endsWith(`cluster/${LAB}`));

/** Groups name each other, mine mine and theirs theirs; a subnet goes after what stands in it. */
function link(one: Made, all: readonly Made[], picks: readonly number[] = []): Thing {
  const { thing, truth } = one;
  if (thing.kind === 'security-group') {
    const peers = picks
      .flatMap((pick) => all[pick] ?? [])
      .filter((peer) => peer.thing.kind === 'security-group' && peer.truth === truth);
    return { ...thing, names: peers.map((peer) => keyOf(peer.thing)) };
  }
  if (thing.kind !== 'subnet') return thing;
  const inside = all.filter(
    ({ thing: { kind, vpcs } }) =>
      kind === 'network-interface' && vpcs.length > 0 && vpcs[0] === thing.vpcs[0],
  );
  return { ...thing, needsGone: inside.map((peer) => keyOf(peer.thing)) };
}

function vpc(id: string, lab: string | undefined, made: readonly Made[]): Made {
  const inside = made.filter(({ thing }) => thing.vpcs.includes(id));
  return {
    truth: lab === undefined ? 'neighbour' : 'mine',
    thing: {
      kind: 'vpc',
      id,
      name: LAB,
      vpcs: [id],
      perHour: 0,
      status: { kind: 'idle' },
      tags: lab === undefined ? {} : { [LAB_TAG]: lab },
      needsGone: inside.map(({ thing }) => keyOf(thing)),
    },
  };
}
