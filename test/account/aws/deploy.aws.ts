import { CreateStackCommand } from '@aws-sdk/client-cloudformation';
import { DescribeVpcsCommand } from '@aws-sdk/client-ec2';
import { App } from 'aws-cdk-lib/core';
import type { Aws } from '../../../lib/account/aws';
import { awsAccount } from '../../../lib/account/aws-account';
import { systemClock } from '../../../lib/account/clock';
import { findStack } from '../../../lib/account/look-stacks';
import { planSweep, sweep } from '../../../lib/account/sweep';
import { readConfig } from '../../../lib/cloud/config';
import { addLab } from '../../../lib/cloud/lab-app';
import { EXPIRES_TAG, LAB_TAG, OWNER_TAG, stackName } from '../../../lib/model/lab-tags';
import { type Moto, startMoto, testAws } from './moto';
import { withoutTypes } from './reduce';

const LAB = 'k8s-5-network-policy';
const theReason = process.env.NO_MOTO;
const withMoto = theReason === undefined ? describe : describe.skip;

/** Where the emulator's CloudFormation ends (moto 5.2.5: "No Moto CloudFormation support for"). */
const UNSUPPORTED = [
  'AWS::EC2::VPCCidrBlock',
  'AWS::EC2::NetworkAcl',
  'AWS::EC2::NetworkAclEntry',
  'AWS::EC2::SubnetNetworkAclAssociation',
  'AWS::EC2::SecurityGroupEgress',
  'AWS::Scheduler::Schedule',
];

withMoto(`the real network stack in an emulated account ${theReason ?? ''}`, () => {
  let moto: Moto;
  let aws: Aws;

  beforeAll(async () => {
    moto = await startMoto();
    aws = testAws(moto.endpoint);
    await putBootstrapVersion(moto.endpoint);
  });
  afterAll(async () => {
    aws.close();
    await moto.stop();
  });

  test('it deploys, every taggable resource carries the lab, and teardown leaves nothing', async () => {
    const { template, tags } = synthesize();
    const { template: reduced, dropped } = withoutTypes(template, UNSUPPORTED);
    const StackName = stackName(LAB, 'network');
    const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
    const TemplateBody = JSON.stringify(reduced);
    await aws.cloudFormation.send(new CreateStackCommand({ StackName, TemplateBody, Tags }));

    expect((await findStack(aws, StackName))?.StackStatus).toBe('CREATE_COMPLETE');
    const filter = { Name: `tag:${LAB_TAG}`, Values: [LAB] };
    const vpcs = await aws.ec2.send(new DescribeVpcsCommand({ Filters: [filter] }));
    expect(vpcs.Vpcs?.[0]?.Tags?.map(({ Key }) => Key)).toEqual(
      expect.arrayContaining([LAB_TAG, OWNER_TAG, EXPIRES_TAG]),
    );
    const { ours } = await planSweep(awsAccount(aws), LAB);
    const stackless = ours.filter(
      (item) => item.tags['aws:cloudformation:stack-name'] !== StackName,
    );
    // The stack does not list itself, nor the interface that the NAT gateway made.
    expect(stackless.map(({ kind }) => kind).sort()).toEqual(['network-interface', 'stack']);
    console.log(
      `${Object.keys(reduced.Resources as object).length} resources deployed, ${dropped.length} not` +
        ` (types the emulator lacks, and what refers to them: ${[...new Set(dropped)].join(', ')})`,
    );

    const quick = { pauseMs: 20, settleMs: 500, patienceMs: 1_000, deadlineMs: 60_000 };
    const { left } = await sweep(awsAccount(aws), { lab: LAB, clock: systemClock, ...quick });
    expect(left).toEqual([]);
    expect((await planSweep(awsAccount(aws), LAB)).ours).toEqual([]);
    expect(await findStack(aws, StackName)).toBeUndefined();
  });
});

function synthesize(): {
  readonly template: Readonly<Record<string, unknown>>;
  readonly tags: Readonly<Record<string, string>>;
} {
  const app = new App({ context: { lab: LAB, owner: 'a-learner' } });
  const config = readConfig({ lab: LAB, owner: 'a-learner' }, new Date());
  if (config.kind !== 'read') throw new Error(JSON.stringify(config.problems));
  addLab(app, config.value);
  const stack = app.synth().getStackByName(stackName(LAB, 'network'));
  return { template: stack.template, tags: stack.tags };
}

/** What `cdk bootstrap` leaves in Parameter Store, which every CDK template asks for. */
async function putBootstrapVersion(endpoint: string): Promise<void> {
  const scope = 'Credential=test/20260101/us-east-1/ssm/aws4_request';
  await fetch(endpoint, {
    method: 'POST',
    headers: {
      'x-amz-target': 'AmazonSSM.PutParameter',
      'content-type': 'application/x-amz-json-1.1',
      authorization: `AWS4-HMAC-SHA256 ${scope}, SignedHeaders=host, Signature=none`,
    },
    body: JSON.stringify({
      Name: '/cdk-bootstrap/hnb659fds/version',
      Value: '30',
      Type: 'String',
    }),
  });
}
