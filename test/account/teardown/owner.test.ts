import type { Leftover, LeftoverKind } from '../../../lib/account/inventory/leftover';
import { sortByOwner } from '../../../lib/account/teardown/owner';
import { LAB_TAG } from '../../../lib/model/lab-tags';

const lab = 'mc-1';
const item = (kind: LeftoverKind, id: string, more: Partial<Leftover> = {}): Leftover => ({
  kind,
  id,
  name: id,
  tags: {},
  vpcs: [],
  status: { kind: 'idle' },
  perHour: 0,
  ...more,
});
const mine = { [LAB_TAG]: lab };
const VPCS = [
  item('vpc', 'vpc-mine', { tags: mine, vpcs: ['vpc-mine'] }),
  item('vpc', 'vpc-theirs', { vpcs: ['vpc-theirs'] }),
];
const owned = (cluster: string) => ({ [`kubernetes.io/cluster/${cluster}`]: 'owned' });

/** How the last of these, beside the two VPCs, is sorted. */
function verdict(...items: readonly Leftover[]): string {
  const { ours, foreign } = sortByOwner([...VPCS, ...items], lab);
  const last = items.at(-1);
  if (ours.some((one) => one === last)) return 'ours';
  const because = foreign.find((one) => one.item === last)?.because;
  return because === undefined ? 'unrelated' : `foreign: ${because}`;
}

const inMine = (tags: Leftover['tags']) =>
  item('security-group', 'sg', { tags, vpcs: ['vpc-mine'] });
const loose = (tags: Leftover['tags'], vpcs: readonly string[] = []) =>
  item('target-group', 'tg', { tags, vpcs });

test.each<[string, Leftover, string]>([
  ['the tag, and nothing that says otherwise', loose(mine), 'ours'],
  [
    "a copied tag, in another's VPC",
    loose(mine, ['vpc-theirs']),
    `foreign: tagged ${LAB_TAG}=mc-1, but in vpc-theirs, which is not the lab's VPC`,
  ],
  [
    "a copied tag, made by another's stack",
    inMine({ ...mine, 'aws:cloudformation:stack-name': 'pay' }),
    `foreign: tagged ${LAB_TAG}=mc-1, but made by stack pay`,
  ],
  [
    "a copied tag, made by another's cluster",
    loose({ ...mine, ...owned('pay') }),
    `foreign: tagged ${LAB_TAG}=mc-1, but made by cluster pay`,
  ],
  [
    'a stack nested in one of the lab',
    item('stack', 'arn', { name: 'mc-1-cluster-KubectlProvider-1ABC2DEF3GHI', tags: mine }),
    'ours',
  ],
  [
    'a stack of another name with a copied tag',
    item('stack', 'arn', { name: 'payroll', tags: mine }),
    `foreign: tagged ${LAB_TAG}=mc-1, but its name is not one of the lab's`,
  ],
  [
    'a name, and nothing else',
    item('target-group', 'tg', { name: 'mc-1', tags: { Name: 'mc-1' } }),
    'unrelated',
  ],
  ["nothing on it, in the lab's VPC", inMine({}), 'ours'],
  ["nothing on it, in another's VPC", loose({}, ['vpc-theirs']), 'unrelated'],
  [
    "another lab's tag, in the lab's VPC",
    inMine({ [LAB_TAG]: 'x' }),
    `foreign: in the lab's VPC, but tagged ${LAB_TAG}=x`,
  ],
  ["another lab's tag, elsewhere", loose({ [LAB_TAG]: 'x' }), 'unrelated'],
  [
    "another's stack",
    inMine({ 'aws:cloudformation:stack-name': 'pay' }),
    "foreign: in the lab's VPC, but made by stack pay",
  ],
  ["the lab's stack", inMine({ 'aws:cloudformation:stack-name': 'mc-1-network' }), 'ours'],
  ["the expiry's stack", inMine({ 'aws:cloudformation:stack-name': 'mc-1-expiry' }), 'ours'],
  ["another's cluster", inMine(owned('pay')), "foreign: in the lab's VPC, but made by cluster pay"],
  ["shared with another's cluster", inMine({ 'kubernetes.io/cluster/pay': 'shared' }), 'ours'],
  ["the lab's cluster, in a VPC that is gone", loose(owned('mc-1'), ['vpc-gone']), 'ours'],
  ["the lab's second cluster", loose({ 'elbv2.k8s.aws/cluster': 'mc-1-peer' }), 'ours'],
  [
    "the lab's cluster by name, in another's VPC",
    loose(owned('mc-1'), ['vpc-theirs']),
    "foreign: in vpc-theirs, which is not the lab's VPC",
  ],
  ['a cluster whose name only starts the same', loose(owned('mc-11')), 'unrelated'],
  [
    "a stack with the lab's name, without its tag",
    item('stack', 'arn', { name: 'mc-1-network' }),
    `foreign: has the lab's name, but no tag ${LAB_TAG}`,
  ],
  [
    "a cluster with the lab's name, without its tag",
    item('cluster', 'mc-1', { vpcs: ['vpc-theirs'] }),
    `foreign: has the lab's name, but no tag ${LAB_TAG}`,
  ],
  [
    'a peering to another VPC',
    item('peering', 'pcx', { vpcs: ['vpc-mine', 'vpc-theirs'] }),
    'ours',
  ],
])('%s', (_, one, expected) => {
  expect(verdict(one)).toBe(expected);
});

test.each([
  ['/aws/eks/mc-1/cluster', 'ours'],
  ['/aws/eks/mc-1-peer/cluster', 'ours'],
  ['/aws/eks/mc-11/cluster', 'unrelated'],
  ['/eks-network-labs/mc-1/flow-logs-network', 'ours'],
  ['/eks-network-labs/mc-11/flow-logs-network', 'unrelated'],
  ['/aws/vendedlogs/states/eks-network-labs/mc-1/expiry', 'ours'],
  ['/aws/vendedlogs/states/eks-network-labs/mc-11/expiry', 'unrelated'],
  ['/aws/lambda/mc-1-cluster-Handler886CB40B-x1Y2z3A4b5C6', 'ours'],
  // A lab called mc-1-cluster may exist: its functions have one part more.
  ['/aws/lambda/mc-1-cluster-network-Handler886CB40B-x1Y2z3A4b5C6', 'unrelated'],
  ['/aws/lambda/mc-1-cluster-payroll-nightly', 'unrelated'],
  ['/eks-network-labs/mc-1/notes-of-a-colleague', 'unrelated'],
  ['/aws/lambda/somebody-elses', 'unrelated'],
])('log group %s is %s', (name, expected) => {
  expect(verdict(item('log-group', name))).toBe(expected);
});

test("what a cluster of the same name made is its owner's, where that cluster is somebody else's", () => {
  const homonym = item('cluster', 'mc-1', { vpcs: ['vpc-theirs'] });
  expect(verdict(homonym, item('volume', 'vol', { tags: owned('mc-1') }))).toBe(
    "foreign: the cluster of this name is not the lab's",
  );
  expect(verdict(homonym, item('log-group', '/aws/eks/mc-1/cluster'))).toMatch(/^foreign/);
});
