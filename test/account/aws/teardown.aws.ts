import { CreateStackCommand } from '@aws-sdk/client-cloudformation';
import { CreateTagsCommand } from '@aws-sdk/client-ec2';
import {
  DeleteLoadBalancerCommand as DeleteClassicCommand,
  DescribeLoadBalancersCommand as DescribeClassicCommand,
} from '@aws-sdk/client-elastic-load-balancing';
import {
  DeleteLoadBalancerCommand,
  DescribeLoadBalancersCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Aws } from '../../../lib/account/aws';
import { keyOf, type Leftover } from '../../../lib/account/inventory/leftover';
import { policyFor } from '../../../lib/account/permissions';
import { awsAccount } from '../../../lib/account/teardown/aws-account';
import { planSweep, sweep } from '../../../lib/account/teardown/sweep';
import type { Account, SweepOptions } from '../../../lib/account/teardown/types';
import { systemClock } from '../../../lib/model/clock';
import { LAB_TAG } from '../../../lib/model/lab-tags';
import { describeUnless } from '../../skip';
import { buildHouse } from './leftover-network';
import { type Moto, startMoto, testAws } from './moto';
import { portrait } from './neighbour';
import { type Call, changes, type Fault, type FaultyProxy, startProxy } from './proxy';
import { seeded } from './seeded';

const LAB = 'k8s-5-network-policy';
const withMoto = describeUnless(process.env.NO_MOTO);

withMoto('teardown against an emulated account', () => {
  let moto: Moto;
  let direct: Aws;
  let proxy: FaultyProxy;
  let aws: Aws;
  let neighbour: string;
  let before: readonly Leftover[];

  beforeAll(async () => {
    moto = await startMoto();
    direct = testAws(moto.endpoint);
  });
  afterAll(async () => {
    direct.close();
    await moto.stop();
  });
  beforeEach(async () => {
    await moto.reset();
    proxy = await startProxy(moto.endpoint);
    aws = testAws(proxy.endpoint);
    const shape = { interfaces: 4, volumes: 2 };
    await buildHouse(direct, { owner: { kind: 'lab', lab: LAB }, cluster: LAB, ...shape });
    const theirs = { owner: { kind: 'neighbour' }, cluster: 'payroll', ...shape } as const;
    neighbour = (await buildHouse(direct, theirs)).vpc;
    before = await portrait(direct, neighbour);
    expect(before.length).toBeGreaterThan(25);
  });
  afterEach(async () => {
    const { faults, calls } = proxy;
    const changed = calls.filter(changes);
    expect(changed.filter(({ body }) => before.some(({ id }) => body.includes(id)))).toEqual([]);
    expect(await portrait(direct, neighbour)).toEqual(before);
    expect(calls.flatMap(actionOf).filter((action) => !ALLOWED.has(action))).toEqual([]);
    const after = await planSweep(awsAccount(direct), LAB);
    const spoiled = Object.entries(faults).filter(([kind, n]) => kind !== 'none' && n > 0);
    console.log(
      `${expect.getState().currentTestName?.split(' account ')[1]}: ${calls.length} calls,` +
        ` ${changed.length} of them changes, faults ${JSON.stringify(Object.fromEntries(spoiled))},` +
        ` left over ${after.ours.length}, neighbour's ${before.length} resources untouched`,
    );
    aws.close();
    await proxy.stop();
  });

  const isEmpty = async () => expect((await planSweep(awsAccount(direct), LAB)).ours).toEqual([]);

  test('dry run: what it prints is what goes, and it changes nothing', async () => {
    const { ours, foreign } = await planSweep(awsAccount(aws), LAB);
    expect(proxy.calls.filter(changes)).toEqual([]);
    expect(foreign).toEqual([]);
    const { removed, left } = await sweep(awsAccount(aws), quick());
    expect(left).toEqual([]);
    expect(removed.map(keyOf).sort()).toEqual(ours.map(keyOf).sort());
    await isEmpty();
  });

  test('swept again, nothing is asked for', async () => {
    await sweep(awsAccount(direct), quick());
    expect(await sweep(awsAccount(aws), quick())).toEqual({ removed: [], left: [], foreign: [] });
    expect(proxy.calls.filter(changes)).toEqual([]);
  });

  test('a third of all calls throttled, some failing, every removal refused once', async () => {
    const dice = seeded(20261121);
    proxy.setFault((call) => {
      const refusable = call.service === 'ec2' && call.action.startsWith('Delete');
      if (refusable && call.repeats === 0) return 'dependency';
      const die = dice();
      if (die < 0.3) return 'throttle';
      return die < 0.35 ? 'error' : 'none';
    });
    expect((await sweep(awsAccount(aws), quick())).left).toEqual([]);
    expect(proxy.faults.throttle).toBeGreaterThan(50);
    expect(proxy.faults.dependency).toBeGreaterThan(15);
    await isEmpty();
  });

  test.each(['cut-before', 'cut-after'] as const)('every single call %s', async (cut) => {
    proxy.setFault(({ repeats }) => (repeats === 0 ? cut : 'none'));
    expect((await sweep(awsAccount(aws), quick())).left).toEqual([]);
    expect(proxy.faults[cut]).toBeGreaterThan(60);
    await isEmpty();
  });

  test('killed after every single removal, and started again', async () => {
    let runs = 0;
    for (let left = Number.POSITIVE_INFINITY; left > 0 && runs < 200; runs++) {
      const answer = await sweep(killedAfterOne(awsAccount(aws)), quick()).catch(() => undefined);
      left = answer === undefined ? left : answer.left.length;
    }
    expect(runs).toBeGreaterThan(15);
    await isEmpty();
  });

  test('two people tear the same lab down at once', async () => {
    const results = await Promise.all([1, 2].map(() => sweep(awsAccount(aws), quick())));
    expect(results.map(({ left }) => left)).toEqual([[], []]);
    await isEmpty();
  });

  test.each([
    ['application', removeModern],
    ['classic', removeClassic],
  ])('%s: a load balancer goes between the list and its tags', async (_, removeOne) => {
    let gone = '';
    proxy.setFault(async ({ service, action }): Promise<Fault> => {
      if (service === 'elasticloadbalancing' && action === 'DescribeTags' && gone === '') {
        gone = await removeOne(direct);
      }
      return 'none';
    });
    expect((await sweep(awsAccount(aws), quick())).left).toEqual([]);
    expect(gone).toContain('twork-policy');
    await isEmpty();
  });

  test("a colleague's VPC with the lab's name stays, and so does the load balancer in it", async () => {
    // The physical id of a stack's cluster is its name; a log group stands in for it here.
    const template = {
      Resources: { Named: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: LAB } } },
    };
    const stack = {
      StackName: `${LAB}-cluster`,
      TemplateBody: JSON.stringify(template),
      Tags: [{ Key: LAB_TAG, Value: LAB }],
    };
    await direct.cloudFormation.send(new CreateStackCommand(stack));
    const Tags = [{ Key: 'Name', Value: LAB }];
    await direct.ec2.send(new CreateTagsCommand({ Resources: [neighbour], Tags }));
    before = await portrait(direct, neighbour);
    const { ours } = await planSweep(awsAccount(direct), LAB);
    expect(ours.filter(({ vpcs }) => vpcs.includes(neighbour))).toEqual([]);
    expect(ours.filter(({ kind }) => kind === 'stack')).toHaveLength(1);
    expect((await sweep(awsAccount(aws), quick())).left).toEqual([]);
    await isEmpty();
  });

  test("somebody else's things in the lab's VPC are reported and left", async () => {
    const { ours } = await planSweep(awsAccount(direct), LAB);
    const [guest] = ours.filter(({ kind, name }) => kind === 'network-interface' && name !== '');
    const Tags = [{ Key: LAB_TAG, Value: 'another-lab' }];
    await direct.ec2.send(new CreateTagsCommand({ Resources: [guest?.id ?? ''], Tags }));

    const { foreign } = await sweep(awsAccount(aws), quick());
    expect(foreign.map(({ item, because }) => ({ id: item.id, because }))).toEqual([
      { id: guest?.id, because: expect.stringContaining(`tagged ${LAB_TAG}=another-lab`) },
    ]);
    expect(
      proxy.calls.filter((call) => changes(call) && call.body.includes(guest?.id ?? '')),
    ).toEqual([]);
  });
});

/** What the generated policy for a teardown allows: every call on the wire must be among it. */
const ALLOWED = new Set(
  policyFor(['teardown'], {
    lab: LAB,
    account: '123456789012',
    region: 'us-east-1',
  }).Statement.flatMap(({ Action }) => Action),
);

/** The action IAM would check; EKS speaks REST, and its calls name none. */
const actionOf = ({ service, action }: Call): readonly string[] =>
  service === 'eks' ? [] : [`${service === 'tagging' ? 'tag' : service}:${action}`];

const isOurs = (name = ''): boolean => name.endsWith('twork-policy');

async function removeModern({ elbv2 }: Aws): Promise<string> {
  const { LoadBalancers = [] } = await elbv2.send(new DescribeLoadBalancersCommand({}));
  const LoadBalancerArn = LoadBalancers.find((one) =>
    isOurs(one.LoadBalancerName),
  )?.LoadBalancerArn;
  await elbv2.send(new DeleteLoadBalancerCommand({ LoadBalancerArn }));
  return LoadBalancerArn ?? '';
}

async function removeClassic({ elb }: Aws): Promise<string> {
  const { LoadBalancerDescriptions = [] } = await elb.send(new DescribeClassicCommand({}));
  const names = LoadBalancerDescriptions.map((one) => one.LoadBalancerName);
  const LoadBalancerName = names.find(isOurs);
  await elb.send(new DeleteClassicCommand({ LoadBalancerName }));
  return LoadBalancerName ?? '';
}

/** Seconds instead of minutes: the emulator is never slow to let go. */
const quick = (): SweepOptions => ({
  lab: LAB,
  clock: systemClock,
  pauseMs: 20,
  settleMs: 500,
  patienceMs: 10_000,
  deadlineMs: 60_000,
});

/** A process that dies right after its first removal took effect. */
function killedAfterOne(account: Account): Account {
  let dead = false;
  const alive = <T>(call: () => Promise<T>): Promise<T> =>
    dead ? Promise.reject(new Error('killed')) : call();
  return {
    isBlocked: (error) => !dead && account.isBlocked(error),
    look: (lab) => alive(() => account.look(lab)),
    release: (item) => alive(() => account.release(item)),
    remove: (item) =>
      alive(async () => {
        await account.remove(item);
        dead = true;
      }),
  };
}
