import { CreateStackCommand } from '@aws-sdk/client-cloudformation';
import {
  CreateTagsCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
} from '@aws-sdk/client-ec2';
import type { Aws } from '../../../lib/account/aws';
import type { Leftover } from '../../../lib/account/inventory/leftover';
import { findStack } from '../../../lib/account/inventory/stacks';
import { awsAccount } from '../../../lib/account/teardown/aws-account';
import { planSweep, sweep } from '../../../lib/account/teardown/sweep';
import type { StateMachine } from '../../../lib/cloud/expiry/machine';
import { systemClock } from '../../../lib/model/clock';
import { LAB_TAG, stackName } from '../../../lib/model/lab-tags';
import { run, type Sdk } from '../../cloud/expiry/states/run';
import { machineOf } from '../../cloud/expiry/states/template';
import { type Synthesized, synthesize } from '../../cloud/synthesized';
import { describeUnless } from '../../skip';
import { integrationsOf, withWhatIsMissing } from './integrations';
import { buildHouse, furnishHouse } from './leftover-network';
import { type Moto, startMoto, testAws } from './moto';
import { portrait } from './neighbour';
import { changes, type FaultyProxy, startProxy } from './proxy';
import { UNSUPPORTED, withoutTypes } from './reduce';
import { seeded } from './seeded';

const LAB = 'k8s-5-network-policy';
const withMoto = describeUnless(process.env.NO_MOTO);

withMoto("the expiry's state machine against an emulated account", () => {
  let moto: Moto;
  let direct: Aws;
  let proxy: FaultyProxy;
  let aws: Aws;
  let machine: StateMachine;
  let before: readonly Leftover[];
  let neighbour: string;

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
    // One try: the machine retries, and not the client.
    aws = testAws(proxy.endpoint, 1);
    const lab = synthesize({ lab: LAB, owner: 'ada', privateOnly: 'true' });
    machine = machineOf(lab);
    await bringUp(direct, lab);
    const theirs = { owner: { kind: 'neighbour' }, cluster: 'payroll' } as const;
    neighbour = (await buildHouse(direct, { ...theirs, interfaces: 4, volumes: 2 })).vpc;
    before = await portrait(direct, neighbour);
    expect(before.length).toBeGreaterThan(25);
  });
  afterEach(async () => {
    aws.close();
    await proxy.stop();
    expect(await portrait(direct, neighbour)).toEqual(before);
  });

  const sdk = (): Sdk => withWhatIsMissing(direct, integrationsOf(aws));
  const ours = async () => (await planSweep(awsAccount(direct), LAB)).ours;
  const perHour = (items: readonly Leftover[]) => items.reduce((sum, one) => sum + one.perHour, 0);

  test('what is billed by the hour is gone, and a second run changes nothing', async () => {
    const there = await ours();
    expect(new Set(there.filter((one) => one.perHour > 0).map(({ kind }) => kind))).toEqual(
      new Set([
        ...['load-balancer', 'classic-load-balancer', 'cluster', 'vpc-endpoint', 'nat-gateway'],
        ...['address', 'volume'],
      ]),
    );
    const { status, calls, seconds } = await run(machine, sdk());
    expect(status).toBe('SUCCEEDED');
    const left = await ours();
    expect(left.filter((one) => one.perHour > 0).map(({ kind }) => kind)).toEqual([]);
    expect(await findStack(direct, stackName(LAB, 'network'))).toBeUndefined();

    const again = await run(machine, sdk());
    expect({ status: again.status, passes: again.visited.filter((s) => s === 'Again') }).toEqual({
      status: 'SUCCEEDED',
      passes: [],
    });
    expect(await ours()).toEqual(left);
    console.log(
      `${there.length} resources, $${perHour(there).toFixed(3)} an hour: ${calls.length} calls,` +
        ` ${Math.round(seconds / 60)} minutes of waiting, $${perHour(left)} an hour left`,
    );
  });

  test('a person tears the lab down while it runs', async () => {
    const options = { pauseMs: 20, settleMs: 500, patienceMs: 10_000, deadlineMs: 60_000 };
    const [{ status }, { left }] = await Promise.all([
      run(machine, sdk()),
      sweep(awsAccount(direct), { lab: LAB, clock: systemClock, ...options }),
    ]);
    expect({ status, left }).toEqual({ status: 'SUCCEEDED', left: [] });
    expect(await ours()).toEqual([]);
  });

  test('a third of its calls throttled, some failing', async () => {
    const dice = seeded(20261122);
    proxy.setFault(() => {
      const die = dice();
      if (die < 0.3) return 'throttle';
      return die < 0.35 ? 'error' : 'none';
    });
    const { status, calls } = await run(machine, sdk());
    expect({ status, left: perHour(await ours()) }).toEqual({ status: 'SUCCEEDED', left: 0 });
    console.log(`${calls.length} calls, faults ${JSON.stringify(proxy.faults)}`);
    expect(proxy.faults.throttle).toBeGreaterThan(5);
  });

  test.each(['cut-before', 'cut-after'] as const)('every single call %s', async (cut) => {
    proxy.setFault(({ repeats }) => (repeats === 0 ? cut : 'none'));
    const { status } = await run(machine, sdk());
    expect({ status, left: perHour(await ours()) }).toEqual({ status: 'SUCCEEDED', left: 0 });
    expect(proxy.calls.filter(changes).length).toBeGreaterThan(10);
  });
});

/** The lab's real network as far as the emulator goes, a cluster, and what its controllers made. */
async function bringUp(aws: Aws, lab: Synthesized): Promise<void> {
  const Tags = [{ Key: LAB_TAG, Value: LAB }];
  const { Resources } = lab.templates[stackName(LAB, 'network')] ?? {};
  const network = withoutTypes({ Resources }, UNSUPPORTED);
  const stub = { Resources: { Nothing: { Type: 'AWS::Logs::LogGroup' } } };
  const bodies = { network: network.template, cluster: stub, addons: stub };
  for (const [part, body] of Object.entries(bodies)) {
    const StackName = stackName(LAB, part as keyof typeof bodies);
    const TemplateBody = JSON.stringify(body);
    await aws.cloudFormation.send(new CreateStackCommand({ StackName, TemplateBody, Tags }));
  }
  const Filters = [{ Name: `tag:${LAB_TAG}`, Values: [LAB] }];
  const { Vpcs = [] } = await aws.ec2.send(new DescribeVpcsCommand({ Filters }));
  const { Subnets = [] } = await aws.ec2.send(new DescribeSubnetsCommand({ Filters }));
  const vpc = Vpcs[0]?.VpcId ?? '';
  const subnets = Subnets.slice(0, 2).flatMap(({ SubnetId }) => SubnetId ?? []);
  const owner = { kind: 'lab', lab: LAB } as const;
  const options = { owner, cluster: LAB, interfaces: 4, volumes: 2 };
  await furnishHouse(aws, { vpc, subnets, tags: Tags, options });
  await markGroups(aws, vpc);
}

/** A group that lost its mark is nobody's to the machine; the emulator's stack would trip over it. */
async function markGroups({ ec2 }: Aws, vpc: string): Promise<void> {
  const Filters = [{ Name: 'vpc-id', Values: [vpc] }];
  const { SecurityGroups = [] } = await ec2.send(new DescribeSecurityGroupsCommand({ Filters }));
  const Resources = SecurityGroups.filter(({ GroupName = '' }) =>
    /^(eks-cluster-sg|k8s-shop)-/.test(GroupName),
  ).flatMap(({ GroupId }) => GroupId ?? []);
  const Tags = [{ Key: `kubernetes.io/cluster/${LAB}`, Value: 'owned' }];
  await ec2.send(new CreateTagsCommand({ Resources, Tags }));
}
