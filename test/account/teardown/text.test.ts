import { KINDS, type Leftover } from '../../../lib/account/inventory/leftover';
import { sortByOwner } from '../../../lib/account/teardown/owner';
import { removalCommand } from '../../../lib/account/teardown/removal-command';
import { planText, resultText } from '../../../lib/account/teardown/text';
import { LAB_TAG } from '../../../lib/model/lab-tags';

const lab = 'aws-1-vpc';
const tag = { [LAB_TAG]: lab };
const item = (more: Partial<Leftover>): Leftover => ({
  kind: 'vpc',
  id: 'vpc-1',
  name: '',
  tags: tag,
  vpcs: ['vpc-1'],
  perHour: 0,
  status: { kind: 'idle' },
  ...more,
});
const inStack = { ...tag, 'aws:cloudformation:stack-name': `${lab}-network` };
const seen: readonly Leftover[] = [
  item({ kind: 'stack', id: 'arn:stack', name: `${lab}-network`, vpcs: [] }),
  item({ tags: inStack }),
  item({ kind: 'nat-gateway', id: 'nat-1', tags: inStack, perHour: 0.045 }),
  item({ kind: 'load-balancer', id: 'arn:lb', name: 'k8s-web', tags: {}, perHour: 0.0225 }),
  item({
    kind: 'network-interface',
    id: 'eni-1',
    name: 'AWS Lambda VPC ENI-x',
    tags: {},
    status: { kind: 'attached', to: 'lambda' },
  }),
  item({ kind: 'security-group', id: 'sg-1', name: 'k8s-traffic', tags: {} }),
  item({ kind: 'instance', id: 'i-1', name: 'theirs', tags: { [LAB_TAG]: 'other' } }),
  item({ kind: 'other', id: 'arn:aws:kms:us-east-1:1:key/k', vpcs: [] }),
];

test('a dry run as a person sees it', () => {
  expect(planText(sortByOwner(seen, lab), { lab, region: 'eu-west-1' })).toMatchInlineSnapshot(`
[
  "7 resources of aws-1-vpc would go, in this order:",
  "  load balancers",
  "    load-balancer arn:lb (k8s-web), $0.0225 an hour",
  "  leftovers",
  "    security-group sg-1 (k8s-traffic)",
  "    network-interface eni-1 (AWS Lambda VPC ENI-x), goes with its lambda",
  "  stack aws-1-vpc-network",
  "    stack arn:stack (aws-1-vpc-network)",
  "      vpc vpc-1",
  "      nat-gateway nat-1, $0.0450 an hour",
  "  with what holds them, or by hand",
  "    other arn:aws:kms:us-east-1:1:key/k",
  "they cost $0.0675 an hour",
  "not removed, because it has another owner:",
  "  instance i-1 (theirs): in the lab's VPC, but tagged eks-network-labs:lab=other",
]
`);
});

test('an end with something left as a person sees it', () => {
  const { ours, foreign } = sortByOwner(seen, lab);
  const left = ours.slice(2, 4).map((one) => ({ item: one, reason: 'InUse: still in use' }));
  const at = { lab, region: 'eu-west-1' };
  expect(resultText({ removed: ours.slice(0, 2), left, foreign }, at)).toMatchInlineSnapshot(`
[
  "2 removals asked for",
  "inventory: 2 left, $0.0675 an hour",
  "  nat-gateway nat-1, $0.0450 an hour",
  "    refused: InUse: still in use",
  "    remove it: aws ec2 delete-nat-gateway --nat-gateway-id nat-1 --region eu-west-1",
  "  load-balancer arn:lb (k8s-web), $0.0225 an hour",
  "    refused: InUse: still in use",
  "    remove it: aws elbv2 delete-load-balancer --load-balancer-arn arn:lb --region eu-west-1",
  "not removed, because it has another owner:",
  "  instance i-1 (theirs): in the lab's VPC, but tagged eks-network-labs:lab=other",
]
`);
  expect(resultText({ removed: [], left: [], foreign: [] }, at)).toEqual([
    '0 removals asked for',
    'inventory: empty, nothing of aws-1-vpc is in eu-west-1 (no other region was looked at)',
  ]);
});

test.each(KINDS)('there is a command that removes or shows a %s', (kind) => {
  expect(removalCommand(item({ kind, id: 'a/b' }), 'us-east-1')).toMatch(
    /^aws [a-z0-9]+ [a-z-]+ --[a-z-]+ .*--region us-east-1$/,
  );
});
