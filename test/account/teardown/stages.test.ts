import type { Leftover, LeftoverKind, Status } from '../../../lib/account/inventory/leftover';
import { stagesOf } from '../../../lib/account/teardown/stages';
import { LAB_TAG } from '../../../lib/model/lab-tags';

const lab = 'capstone';
const idle: Status = { kind: 'idle' };

const item = (kind: LeftoverKind, id: string, more: Partial<Leftover> = {}): Leftover => ({
  kind,
  id,
  name: '',
  tags: { [LAB_TAG]: lab },
  vpcs: [],
  status: idle,
  perHour: 0,
  ...more,
});
const stack = (part: string, status: Status = idle): Leftover =>
  item('stack', `arn:${part}`, { name: `${lab}-${part}`, status });
const of = (part: string) => ({
  tags: { [LAB_TAG]: lab, 'aws:cloudformation:stack-name': `${lab}-${part}` },
});
/** `name: ids of steps | ids of waits`. */
const shown = (ours: readonly Leftover[]): readonly string[] =>
  stagesOf(ours, lab).map(
    ({ name, steps, waits }) =>
      `${name}: ${steps.map(({ id }) => id).join(' ')}${waits.length === 0 ? '' : ` | ${waits.map(({ id }) => id).join(' ')}`}`,
  );

test('from the last stack to the first, with what they leave behind in between; expiry at the end', () => {
  const ours = [
    stack('expiry'),
    stack('network'),
    stack('cluster'),
    stack('addons'),
    item('vpc', 'vpc', of('network')),
    item('cluster', 'capstone', of('cluster')),
    item('security-group', 'sg'),
    item('network-interface', 'eni', { status: { kind: 'attached', to: 'lambda' } }),
    item('network-interface', 'nat-eni', { status: { kind: 'attached', to: 'network' } }),
    item('load-balancer', 'lb'),
    item('target-group', 'tg'),
    item('log-group', 'logs'),
    item('volume', 'vol', { status: { kind: 'going' } }),
  ];
  expect(shown(ours)).toEqual([
    'load balancers: lb tg',
    'stack capstone-addons: arn:addons',
    'stack capstone-cluster: arn:cluster',
    'leftovers: sg | eni vol',
    'stack capstone-network: arn:network',
    'stack capstone-expiry: arn:expiry',
    'log groups: logs',
  ]);
});

test('a stack that failed no longer shields what is in it, and is tried again after it', () => {
  const ours = [
    stack('network', { kind: 'failed', reason: 'vpc has dependencies' }),
    item('vpc', 'vpc', of('network')),
    item('subnet', 'subnet', of('network')),
    item('internet-gateway', 'igw', of('network')),
  ];
  expect(shown(ours)).toEqual([
    'the VPC: subnet igw vpc',
    'stack capstone-network, again: arn:network',
  ]);
});

test('without any stack, a cluster goes after its node groups and before the network', () => {
  const ours = [
    item('vpc', 'vpc'),
    item('cluster', 'c'),
    item('node-group', 'c/n'),
    item('instance', 'i'),
    item('other', 'arn:x'),
  ];
  expect(shown(ours)).toEqual(['node groups: c/n', 'cluster: c', 'leftovers: i', 'the VPC: vpc']);
});
