import { CreateStackCommand } from '@aws-sdk/client-cloudformation';
import { CreateClusterCommand } from '@aws-sdk/client-eks';
import { CreateDetectorCommand } from '@aws-sdk/client-guardduty';
import { CreateScheduleCommand, GetScheduleCommand } from '@aws-sdk/client-scheduler';
import type { Aws } from '../../../lib/account/aws';
import { extendLab, lifeOf } from '../../../lib/account/deploy/life';
import { lifeText, preflightText } from '../../../lib/account/deploy/life-text';
import { mayDeploy, preflight } from '../../../lib/account/deploy/preflight';
import {
  EXPIRES_TAG,
  expiryStackName,
  LAB_TAG,
  OWNER_TAG,
  stackName,
} from '../../../lib/model/lab-tags';
import { describeUnless } from '../../skip';
import { type Moto, startMoto, testAws } from './moto';

const LAB = 'aws-1-vpc';
const withMoto = describeUnless(process.env.NO_MOTO);
const HOUR = 3_600_000;

withMoto("a lab's life in an emulated account", () => {
  let moto: Moto;
  let aws: Aws;
  const now = new Date(Math.ceil(Date.now() / 1000) * 1000);
  const at = (hours: number) => `${new Date(+now + hours * HOUR).toISOString().slice(0, 19)}Z`;

  beforeAll(async () => {
    moto = await startMoto();
    aws = testAws(moto.endpoint, 2);
  });
  beforeEach(() => moto.reset());
  afterAll(async () => {
    aws.close();
    await moto.stop();
  });

  const bringUp = async (expires: string): Promise<void> => {
    await aws.cloudFormation.send(
      new CreateStackCommand({
        StackName: stackName(LAB, 'network'),
        TemplateBody: JSON.stringify({
          Resources: {
            Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
            Address: {
              Type: 'AWS::EC2::EIP',
              Properties: { Tags: [{ Key: LAB_TAG, Value: LAB }] },
            },
          },
        }),
        Tags: [
          { Key: LAB_TAG, Value: LAB },
          { Key: OWNER_TAG, Value: 'ada' },
          { Key: EXPIRES_TAG, Value: expires },
        ],
      }),
    );
  };
  const schedule = (expires: string) =>
    aws.scheduler.send(
      new CreateScheduleCommand({
        Name: expiryStackName(LAB),
        ScheduleExpression: `at(${expires.replace('Z', '')})`,
        FlexibleTimeWindow: { Mode: 'OFF' },
        Target: {
          Arn: 'arn:aws:states:us-east-1:1:stateMachine:m',
          RoleArn: 'arn:aws:iam::1:role/r',
        },
      }),
    );

  test('a lab that is not there has no life', async () => {
    expect(await lifeOf(aws, LAB, now)).toBeUndefined();
  });

  test('status: whose, until when, and what it costs', async () => {
    await bringUp(at(8));
    const life = await lifeOf(aws, LAB, new Date(+now + 2 * HOUR));
    expect(life).toMatchObject({
      owner: 'ada',
      perHour: 0.005,
      end: { kind: 'known', expires: at(8), hoursLeft: 6 },
      stacks: [{ name: `${LAB}-network`, status: 'CREATE_COMPLETE' }],
    });
    expect(life?.costSoFar).toBeCloseTo(0.01, 2);
    if (life !== undefined) expect(lifeText(life)).toContain(`ends at ${at(8)}, in 6 h 0 min`);
  });

  test('extend moves the schedule, and status follows it and not the tag', async () => {
    await bringUp(at(8));
    await schedule(at(8));
    expect(await extendLab(aws, LAB, { hours: 4, now })).toBe(at(12));
    const moved = await aws.scheduler.send(new GetScheduleCommand({ Name: expiryStackName(LAB) }));
    expect(moved.ScheduleExpression).toBe(`at(${at(12).replace('Z', '')})`);
    expect(moved.Target?.Arn).toBe('arn:aws:states:us-east-1:1:stateMachine:m');
    expect((await lifeOf(aws, LAB, now))?.end).toMatchObject({ hoursLeft: 12 });
  });

  test('extending past three days, or what is not there, is refused with a fix', async () => {
    await expect(extendLab(aws, LAB, { hours: 1, now })).rejects.toMatchObject({
      code: 'no-expiry',
    });
    await schedule(at(70));
    await expect(extendLab(aws, LAB, { hours: 3, now })).rejects.toMatchObject({
      code: 'too-long',
    });
  });

  test('preflight tells a name that is free, that is taken and by whom, and what to type', async () => {
    const asked = async (wanted: { as?: string; owner: string }) => {
      const found = await preflight(aws, {
        wanted: { lab: LAB, as: '', ...wanted },
        templates: [],
        day: '2026-11-21',
      });
      return found.findings.find(({ what }) => what.startsWith('the name'));
    };
    expect(await asked({ owner: 'ben' })).toMatchObject({ kind: 'fine', found: 'free' });
    await bringUp(at(8));
    expect(await asked({ owner: 'ben' })).toEqual({
      kind: 'problem',
      what: `the name ${LAB}`,
      found: `ada runs it here, until ${at(8)}`,
      fix: `give yours a name of its own: lab up ${LAB} --target eks --as ben`,
    });
    expect(await asked({ owner: 'ben', as: 'ben' })).toMatchObject({
      kind: 'fine',
      what: `the name ${LAB}-ben`,
    });
    expect(await asked({ owner: 'ada' })).toMatchObject({
      kind: 'notice',
      found: expect.stringMatching(/^ada runs it here already, until/),
    });
  });

  test('preflight takes no stack and no cluster of the name for the lab that bear no tag of it', async () => {
    const wanted = { lab: LAB, as: 'ben', owner: 'ben' };
    const kinds = async () =>
      (await preflight(aws, { wanted, templates: [], day: '2026-11-21' })).findings
        .filter(({ what }) => what.startsWith('the name'))
        .map(({ kind, found }) => `${kind}: ${found}`);
    const resourcesVpcConfig = { subnetIds: [] };
    const roleArn = 'arn:aws:iam::123456789012:role/eks';
    await aws.eks.send(
      new CreateClusterCommand({ name: `${LAB}-ben`, roleArn, resourcesVpcConfig }),
    );
    expect(await kinds()).toEqual([
      `problem: cluster ${LAB}-ben is there, without the lab's stacks`,
    ]);
    const TemplateBody = JSON.stringify({ Resources: { L: { Type: 'AWS::Logs::LogGroup' } } });
    const StackName = `${LAB}-ben-cluster`;
    await aws.cloudFormation.send(new CreateStackCommand({ StackName, TemplateBody }));
    expect(await kinds()).toEqual([
      `problem: stack ${LAB}-ben-cluster is there and belongs to no lab`,
    ]);
  });

  test('preflight finds a region that is not bootstrapped, and what costs six times as much', async () => {
    await aws.guardDuty.send(new CreateDetectorCommand({ Enable: true }));
    const Cluster = { Type: 'AWS::EKS::Cluster', Properties: { Version: '1.33' } };
    const body = { Resources: { Cluster, Vpc: { Type: 'AWS::EC2::VPC' } } };
    const found = await preflight(aws, {
      wanted: { lab: LAB, as: '', owner: 'ada' },
      templates: [{ name: 's', body }],
      day: '2026-11-21',
    });
    expect(mayDeploy(found)).toBe(false);
    expect(found.account).toBe('123456789012');
    expect(preflightText(found).join('\n')).toMatch(/bootstrap: this region is not bootstrapped/);
    expect(found.findings.map(({ kind, what }) => `${kind} ${what}`)).toEqual([
      'fine credentials',
      'problem Kubernetes 1.33',
      `fine the name ${LAB}`,
      'problem bootstrap',
      'fine VPCs',
      'fine availability zones',
      expect.stringMatching(/^(fine|notice) GuardDuty/),
      // The emulator's caller is a session of a role that does not exist there.
      'problem access to the cluster',
    ]);
  });
});
