import { cloudLabIds } from '../../lib/cloud/config/environments';
import { CONTEXT_KEYS } from '../../lib/cloud/config/keys';
import {
  clusterNames,
  controlPlaneLogGroup,
  expiryLogGroup,
  expiryStackName,
  labName,
  logGroupPrefix,
  stackNames,
} from '../../lib/model/lab-tags';
import { resources, type Synthesized, synthesize } from './synthesized';

const longest = 'a234567890123456';
const owner = 'class';
const plain = synthesize({ lab: 'capstone', owner });
const ana = synthesize({ lab: 'capstone', owner, as: 'ana' });
const ben = synthesize({ lab: 'capstone', owner, as: 'ben' });

/** Names that AWS keeps once an account and region: those that templates choose themselves. */
function namesOf({ templates }: Synthesized): readonly string[] {
  const fixed = Object.values(templates).flatMap(({ Resources, Outputs = {} }) => [
    ...Object.values(Resources)
      .filter(({ Type }) => Type.startsWith('AWS::'))
      .flatMap(({ Properties = {} }) =>
        Object.entries<unknown>(Properties)
          .filter(([key]) => /^(Name|[A-Za-z]+Name)$/.test(key) && !REFERRING.has(key))
          .flatMap(([, value]) => (typeof value === 'string' ? [value] : [])),
      ),
    ...Object.values(Outputs).flatMap((output) => {
      const name = (output as { Export?: { Name: unknown } }).Export?.Name;
      return typeof name === 'string' ? [name] : [];
    }),
  ]);
  return [...Object.keys(templates), ...fixed];
}

/** Properties that name something of AWS' own, or within something that has a name. */
const REFERRING = new Set(['AddonName', 'ServiceName', 'PolicyName', 'LogDestinationName']);

test('two of one lab in one account share no name', () => {
  const [ours, anas, bens] = [plain, ana, ben].map((lab) => new Set(namesOf(lab)));
  expect(ours?.size).toBeGreaterThan(8);
  expect(anas?.size).toBe(ours?.size);
  const shared = [...(anas ?? [])].filter((name) => ours?.has(name) || bens?.has(name));
  expect(shared).toEqual([]);
  expect(Object.keys(ana.templates).sort()).toEqual([
    'capstone-ana-addons',
    'capstone-ana-cluster',
    'capstone-ana-expiry',
    'capstone-ana-network',
  ]);
});

test('every tag of the lab, its cluster, its logs and its end bear the name', () => {
  const tags = JSON.stringify(resources(ana, 'network', 'AWS::EC2::VPC'));
  expect(tags).toContain('{"Key":"eks-network-labs:lab","Value":"capstone-ana"}');
  const [cluster] = resources(ana, 'cluster', 'AWS::EKS::Cluster');
  expect(cluster?.Properties.Name).toBe('capstone-ana');
  const [schedule] = resources(ana, 'expiry', 'AWS::Scheduler::Schedule');
  expect(schedule?.Properties.Name).toBe('capstone-ana-expiry');
  const machine = JSON.stringify(resources(ana, 'expiry', 'AWS::StepFunctions::StateMachine'));
  expect(machine).not.toMatch(/"capstone(-(?!ana)[a-z]+)?"/);
  const outputs = JSON.stringify(ana.templates['capstone-ana-expiry']?.Outputs);
  expect(outputs).toContain('lab up capstone --target eks --as ana');
});

test('without a name of their own, everything is as it was', () => {
  expect(Object.keys(plain.templates)).toContain('capstone-network');
  expect(labName('capstone')).toBe('capstone');
});

test('the longest names fit: EKS 100, schedules 64, stacks 128, log groups 512', () => {
  for (const lab of cloudLabIds) {
    const name = labName(lab, longest);
    const all = { clusters: clusterNames(name), schedule: expiryStackName(name) };
    expect(Math.max(...all.clusters.map(({ length }) => length))).toBeLessThanOrEqual(100);
    expect(all.schedule.length).toBeLessThanOrEqual(64);
    expect(Math.max(...stackNames(name).map(({ length }) => length))).toBeLessThanOrEqual(128);
  }
});

test('no two names are one: neither of two labs, nor of a lab and its peer cluster', () => {
  const all = cloudLabIds.flatMap((lab) => ['', 'ana', 'network'].map((as) => labName(lab, as)));
  const taken = all.flatMap((name) => [
    ...stackNames(name),
    ...clusterNames(name).map(controlPlaneLogGroup),
    logGroupPrefix(name),
    expiryLogGroup(name),
  ]);
  expect(taken.length).toBe(new Set(taken).size);
});

test.each`
  text             | fine
  ${'ana'}         | ${true}
  ${'team7'}       | ${true}
  ${longest}       | ${true}
  ${`${longest}x`} | ${false}
  ${'Ana'}         | ${false}
  ${'7team'}       | ${false}
  ${'ana-maria'}   | ${false}
  ${'ana_b'}       | ${false}
  ${'peer'}        | ${false}
`('as=$text is fine: $fine', ({ text, fine }) => {
  const parsed = CONTEXT_KEYS.as.parse(text);
  expect('value' in parsed).toBe(fine);
  if ('problem' in parsed) expect(parsed.fix).toContain('small letters');
});
