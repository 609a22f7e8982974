import { resources, synthesize } from '../synthesized';
import { actionOf, isAllowed, type Statement } from './states/allowed';
import {
  balancerArn,
  type Cloud,
  pretendCloud,
  refusal,
  type Stack,
  type Thing,
} from './states/pretend';
import { type Execution, run, type Sdk, type SdkCall } from './states/run';
import { machineOf } from './states/template';

const LAB = 'capstone';
const synthesized = synthesize({ lab: LAB, ttl: '3h', owner: 'ana' });

const machine = machineOf(synthesized);
const statements: readonly Statement[] = resources(synthesized, 'expiry', 'AWS::IAM::Role').find(
  ({ Properties }) => Properties.Policies !== undefined,
)?.Properties.Policies[0].PolicyDocument.Statement;

/** A lab that has run for a while, and what its cluster's controllers left outside of its stacks. */
function labThings(lab: string, vpc: string) {
  const held = { vpc, holds: [vpc] };
  const byController = { 'elbv2.k8s.aws/cluster': lab };
  const owned = { [`kubernetes.io/cluster/${lab}`]: 'owned' };
  const id = (name: string) => `${name}-of-${vpc}`;
  const loose: readonly Thing[] = [
    {
      kind: 'balancer',
      id: balancerArn(`net/${id('nlb')}/1`),
      tags: byController,
      perHour: 0.0225,
      ...held,
    },
    {
      kind: 'balancer',
      id: balancerArn(`app/${id('alb')}/2`),
      tags: byController,
      perHour: 0.0225,
      ...held,
    },
    { kind: 'balancer', id: balancerArn(id('classic')), tags: owned, perHour: 0.025, ...held },
    {
      kind: 'endpoint',
      id: id('guardduty'),
      tags: { GuardDutyManaged: 'true' },
      perHour: 0.02,
      vpc,
      holds: [vpc, id('guardduty-group')],
    },
    { kind: 'group', id: id('guardduty-group'), tags: { GuardDutyManaged: 'true' }, ...held },
    { kind: 'group', id: id('k8s-traffic'), tags: byController, ...held },
    { kind: 'group', id: id('k8s-elb'), tags: owned, ...held },
    { kind: 'volume', id: id('claim'), tags: owned, perHour: 0.001 },
    {
      kind: 'interface',
      id: id('eni-node'),
      tags: { 'cluster.k8s.amazonaws.com/name': lab },
      ...held,
    },
    { kind: 'interface', id: id('eni-branch'), tags: owned, ...held },
  ];
  const stacks: readonly Stack[] = [
    {
      name: `${lab}-addons`,
      needs: `${lab}-cluster`,
      members: [{ kind: 'other', id: id('charts') }],
    },
    {
      name: `${lab}-cluster`,
      needs: `${lab}-network`,
      members: [
        { kind: 'other', id: id('cluster'), perHour: 0.1, holds: [vpc] },
        { kind: 'other', id: id('nodes'), perHour: 0.083, holds: [id('cluster'), vpc] },
      ],
    },
    {
      name: `${lab}-network`,
      members: [
        { kind: 'vpc', id: vpc, tags: { 'eks-network-labs:lab': lab } },
        { kind: 'other', id: id('nat'), perHour: 0.045, holds: [vpc] },
        { kind: 'other', id: id('address'), perHour: 0.005 },
        { kind: 'endpoint', id: id('ecr'), perHour: 0.02, vpc, holds: [vpc] },
        // The controller wrote its own group into a rule of the nodes' group.
        { kind: 'group', id: id('nodes-group'), vpc, holds: [vpc, id('k8s-traffic')] },
      ],
    },
  ];
  return { stacks, loose };
}

const ours = labThings(LAB, 'vpc-ours');
const theirs = labThings('payroll', 'vpc-theirs');
const everything = (more: readonly Thing[] = []): Cloud =>
  pretendCloud([...ours.stacks, ...theirs.stacks], [...ours.loose, ...theirs.loose, ...more]);

const isOurs = ({ id }: Thing) => /vpc-ours$|vpc-ours\//.test(id);
const leftOf = ({ things }: Cloud) => [...things.values()].filter(isOurs).map(({ id }) => id);
const isDeletion = ({ api }: SdkCall) => api.startsWith('delete');

/** Every call must be allowed by the role, and the neighbour stays as it was. */
function watched(cloud: Cloud, before: (call: SdkCall) => void = () => undefined): Sdk {
  return async (call) => {
    const named = JSON.stringify(call.input);
    const target = [...cloud.things.values()].find(
      ({ id }) => named.includes(`"${id}"`) || named.includes(`"${id.split('loadbalancer/')[1]}"`),
    );
    if (!isAllowed(statements, call, target?.tags ?? {})) {
      throw new Error(`${actionOf(call)} is not allowed: ${named}`);
    }
    before(call);
    return cloud.sdk(call);
  };
}

async function end(cloud: Cloud, before?: (call: SdkCall) => void): Promise<Execution> {
  const neighbours = () => [...cloud.things.values()].filter((thing) => !isOurs(thing));
  const untouched = neighbours();
  const execution = await run(machine, watched(cloud, before));
  expect(neighbours()).toEqual(untouched);
  expect([...cloud.stacks.keys()].filter((name) => name.startsWith('payroll'))).toHaveLength(3);
  return execution;
}

test('everything of the lab is gone, everything of a neighbour of the same shapes is there', async () => {
  const cloud = everything();
  const { status, seconds, calls } = await end(cloud);
  expect({ status, left: leftOf(cloud) }).toEqual({ status: 'SUCCEEDED', left: [] });
  expect([...cloud.stacks.keys()].filter((name) => name.startsWith(LAB))).toEqual([]);
  expect(seconds).toBeLessThan(3600);
  // The stacks from the last to the first, and what controllers left between them.
  expect(
    calls
      .filter(isDeletion)
      .slice(0, 3)
      .map(({ input }) => Object.values(input)[0]),
  ).toEqual(['capstone-addons', 'capstone-cluster', expect.stringContaining('loadbalancer/net/')]);
});

test('a second run finds nothing and changes nothing', async () => {
  const cloud = everything();
  await end(cloud);
  const { status, calls, visited, seconds } = await end(cloud);
  // Nothing is refused, so nothing is asked for twice.
  expect(seconds).toBeLessThan(600);
  expect({ status, passes: visited.filter((name) => name === 'FindVpcs') }).toEqual({
    status: 'SUCCEEDED',
    passes: ['FindVpcs'],
  });
  const deletions = calls.filter(isDeletion).map(({ input }) => Object.values(input)[0]);
  expect(deletions).toEqual(['capstone-addons', 'capstone-cluster', 'capstone-network']);
});

test('what it is started with does not matter', async () => {
  for (const input of [undefined, null, '', 'text', [], { Stacks: 'x' }]) {
    const cloud = everything();
    expect((await run(machine, watched(cloud), input)).status).toBe('SUCCEEDED');
    expect(leftOf(cloud)).toEqual([]);
  }
});

/** The calls of a run in which nothing fails, by what they ask for. */
const asked = async (): Promise<readonly string[]> => [
  ...new Set((await end(everything())).calls.map((call) => JSON.stringify(call))),
];

test('every call throttled the first time it is made: nothing is left', async () => {
  const seen = new Set<string>();
  const cloud = everything();
  const { status } = await end(cloud, (call) => {
    const key = JSON.stringify(call);
    if (seen.has(key)) return;
    seen.add(key);
    throw refusal('CloudFormation', 'Rate exceeded');
  });
  expect({ status, left: leftOf(cloud) }).toEqual({ status: 'SUCCEEDED', left: [] });
});

test('a call that never succeeds keeps no other from being made, and is made good later', async () => {
  for (const broken of await asked()) {
    const cloud = everything();
    const { visited } = await end(cloud, (call) => {
      if (JSON.stringify(call) === broken) throw refusal('Ec2', 'never');
    });
    const tasks = Object.keys(machine.States).filter(
      (name) => machine.States[name]?.Type !== 'Fail',
    );
    const missed = tasks.filter((name) => !visited.includes(name));
    const allowed = /^(Done|Again|(Wait|Look|Is)(Addons|Cluster|Network)(Gone)?)$/;
    expect({ broken, missed: missed.filter((name) => !allowed.test(name)) }).toEqual({
      broken,
      missed: [],
    });
    await end(cloud);
    expect({ broken, left: leftOf(cloud) }).toEqual({ broken, left: [] });
  }
});

test('a look that is throttled is no stack that is gone: the network waits for the cluster', async () => {
  const cloud = everything();
  let throttled = 0;
  const { status } = await end(cloud, ({ api, input }) => {
    if (api === 'describeStacks' && input.StackName === 'capstone-cluster' && throttled < 9) {
      throttled += 1;
      throw refusal('CloudFormation', 'Rate exceeded');
    }
    if (api === 'deleteStack' && input.StackName === 'capstone-network') {
      expect([...cloud.stacks.keys()]).not.toContain('capstone-cluster');
    }
  });
  expect({ status, throttled, left: leftOf(cloud) }).toEqual({
    status: 'SUCCEEDED',
    throttled: 9,
    left: [],
  });
});

test('an account with thousands of load balancers does not burst the answer', async () => {
  const crowd = Array.from(
    { length: 3_000 },
    (_, i): Thing => ({
      kind: 'balancer',
      id: balancerArn(`app/theirs-${i}/${i}`),
      vpc: 'vpc-crowd',
      tags: { 'elbv2.k8s.aws/cluster': `crowd-${i}` },
    }),
  );
  const cloud = everything(crowd);
  expect({ status: (await end(cloud)).status, left: leftOf(cloud) }).toEqual({
    status: 'SUCCEEDED',
    left: [],
  });
});

test('a group that a rule of the network names goes in the second pass', async () => {
  const { visited } = await end(everything());
  expect(visited.filter((name) => name === 'DeleteNetwork')).toHaveLength(2);
});

test('add-ons that cannot be deleted are let go with their cluster', async () => {
  const stacks = ours.stacks.map((stack) =>
    stack.name === 'capstone-addons' ? { ...stack, broken: true as const } : stack,
  );
  const cloud = pretendCloud([...stacks, ...theirs.stacks], [...ours.loose, ...theirs.loose]);
  const { status, calls } = await end(cloud);
  expect({ status, left: leftOf(cloud) }).toEqual({ status: 'SUCCEEDED', left: [] });
  expect(calls.filter(({ input }) => input.DeletionMode === 'FORCE_DELETE_STACK')).toHaveLength(1);
});

test('a network that cannot go fails the execution, and nothing that costs by the hour is left', async () => {
  const stranger: Thing = {
    kind: 'interface',
    id: 'eni-stranger',
    vpc: 'vpc-ours',
    holds: ['vpc-ours'],
  };
  const cloud = everything([stranger]);
  const { status, error, cause } = await end(cloud);
  expect({ status, error }).toEqual({ status: 'FAILED', error: 'StillThere' });
  expect(cause).toContain('lab sweep capstone');
  const left = [...cloud.things.values()].filter(isOurs);
  expect(left.map(({ id }) => id)).toEqual(['vpc-ours']);
  expect(left.reduce((sum, { perHour = 0 }) => sum + perHour, 0)).toBe(0);
});

test('it gives up at its time limit', async () => {
  const stacks = ours.stacks.map((stack) =>
    stack.name === 'capstone-cluster' ? { ...stack, looks: Number.POSITIVE_INFINITY } : stack,
  );
  const { status, seconds } = await end(
    pretendCloud([...stacks, ...theirs.stacks], [...ours.loose, ...theirs.loose]),
  );
  expect({ status, seconds }).toEqual({ status: 'TIMED_OUT', seconds: machine.TimeoutSeconds });
});
