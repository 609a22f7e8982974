import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BootstrapEnvironments, Toolkit } from '@aws-cdk/toolkit-lib';
import { DescribeVpcsCommand } from '@aws-sdk/client-ec2';
import type { Aws } from '../../../lib/account/aws';
import { deployAssembly, stacksOfAssembly } from '../../../lib/account/deploy/deploy';
import { type DeployEvent, deployText, progressHost } from '../../../lib/account/deploy/events';
import { findStack } from '../../../lib/account/inventory/stacks';
import { awsAccount } from '../../../lib/account/teardown/aws-account';
import { planSweep, sweep } from '../../../lib/account/teardown/sweep';
import { readConfig } from '../../../lib/cloud/config/config';
import { addLab, createApp } from '../../../lib/cloud/lab-app';
import { systemClock } from '../../../lib/model/clock';
import {
  EXPIRES_TAG,
  expiryStackName,
  LAB_TAG,
  OWNER_TAG,
  stackName,
} from '../../../lib/model/lab-tags';
import { describeUnless } from '../../skip';
import { type Moto, startMoto, testAws } from './moto';
import { UNSUPPORTED, withoutTypes } from './reduce';

const LAB = 'aws-1-vpc';
const STACKS = [expiryStackName(LAB), stackName(LAB, 'network')];
const ACCOUNT = '123456789012';
const withMoto = describeUnless(process.env.NO_MOTO);

withMoto('a real lab through the CDK toolkit, in an emulated account', () => {
  let moto: Moto;
  let aws: Aws;
  let directory: string;
  const environment = { ...process.env };
  const region = 'us-east-1';

  beforeAll(async () => {
    moto = await startMoto();
    aws = testAws(moto.endpoint);
    directory = mkdtempSync(join(tmpdir(), 'lab-assembly-'));
    // The toolkit takes credentials and endpoint from where the AWS CLI does.
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: moto.endpoint,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    });
    const toolkit = new Toolkit({ ioHost: progressHost(() => undefined) });
    await toolkit.bootstrap(BootstrapEnvironments.fromList([`aws://${ACCOUNT}/${region}`]));
  });
  afterAll(async () => {
    process.env = environment;
    rmSync(directory, { recursive: true, force: true });
    aws.close();
    await moto.stop();
  });

  test('it deploys in order with progress, carries its tags, and teardown leaves nothing', async () => {
    const { deployed, dropped } = synthesize(directory);
    const events: DeployEvent[] = [];
    const options = { region, onEvent: (event: DeployEvent) => events.push(event) };
    expect(await stacksOfAssembly(directory, options)).toEqual(STACKS);
    const stacks = await deployAssembly(directory, options);

    expect(stacks.map(({ stack }) => stack)).toEqual(STACKS);
    for (const stack of STACKS) {
      expect((await findStack(aws, stack))?.StackStatus).toBe('CREATE_COMPLETE');
    }
    const milestones = events.filter(({ kind }) => kind.startsWith('stack-'));
    expect(milestones.map((e) => ('stack' in e ? `${e.kind} ${e.stack}` : ''))).toEqual(
      STACKS.flatMap((stack) => [`stack-started ${stack}`, `stack-done ${stack}`]),
    );
    expect(events.map(deployText).join('\n')).toMatch(/aws-1-vpc-network \d+\/\d+ CREATE_COMPLETE/);

    const Filters = [{ Name: `tag:${LAB_TAG}`, Values: [LAB] }];
    const { Vpcs = [] } = await aws.ec2.send(new DescribeVpcsCommand({ Filters }));
    expect(Vpcs[0]?.Tags?.map(({ Key }) => Key)).toEqual(
      expect.arrayContaining([LAB_TAG, OWNER_TAG]),
    );
    // The end would make every resource of a later deployment differ, so one stack alone has it.
    expect(Vpcs[0]?.Tags?.map(({ Key }) => Key)).not.toContain(EXPIRES_TAG);
    expect((await findStack(aws, STACKS[0] ?? ''))?.Tags?.map(({ Key }) => Key)).toContain(
      EXPIRES_TAG,
    );
    const { ours } = await planSweep(awsAccount(aws), LAB);
    const stackless = ours.filter(({ tags }) => !('aws:cloudformation:stack-name' in tags));
    // No stack lists itself, nor the interface that the NAT gateway made. The emulator gives a state machine
    // the stack's own tags alone.
    const unlisted = stackless.filter(({ id }) => !id.includes(':stateMachine:'));
    expect(unlisted.map(({ kind }) => kind).sort()).toEqual([
      ...['network-interface', 'stack', 'stack'],
    ]);
    console.log(
      `${deployed} resources deployed, ${dropped.length} not: types the emulator lacks, and what` +
        ` refers to them (${[...new Set(dropped)].join(', ')})`,
    );

    const quick = { pauseMs: 20, settleMs: 500, patienceMs: 1_000, deadlineMs: 60_000 };
    const result = await sweep(awsAccount(aws), { lab: LAB, clock: systemClock, ...quick });
    expect(result.left).toEqual([]);
    expect((await planSweep(awsAccount(aws), LAB)).ours).toEqual([]);
    for (const stack of STACKS) expect(await findStack(aws, stack)).toBeUndefined();
    expect((await findStack(aws, 'CDKToolkit'))?.StackStatus).toBe('CREATE_COMPLETE');
  });
});

/** Writes the lab's assembly, without what the emulator lacks; templates go along in the call. */
function synthesize(directory: string): {
  readonly deployed: number;
  readonly dropped: readonly string[];
} {
  const config = readConfig({ lab: LAB, owner: 'a-learner' }, new Date());
  if (config.kind !== 'read') throw new Error(JSON.stringify(config.problems));
  const app = createApp(directory);
  addLab(app, config.value);
  app.synth();
  const reductions = STACKS.map((stack) => {
    const file = join(directory, `${stack}.template.json`);
    const reduction = withoutTypes(JSON.parse(readFileSync(file, 'utf8')), UNSUPPORTED);
    writeFileSync(file, JSON.stringify(reduction.template));
    return reduction;
  });
  // The emulator reads templates from its own buckets only by virtual host, which loopback has not.
  const manifest = join(directory, 'manifest.json');
  const { artifacts, ...rest } = JSON.parse(readFileSync(manifest, 'utf8'));
  for (const artifact of Object.values<{ properties?: Record<string, unknown> }>(artifacts)) {
    delete artifact.properties?.stackTemplateAssetObjectUrl;
  }
  writeFileSync(manifest, JSON.stringify({ ...rest, artifacts }));
  return {
    deployed: reductions
      .map(({ template }) => Object.keys(template.Resources as object).length)
      .reduce((sum, count) => sum + count, 0),
    dropped: reductions.flatMap(({ dropped }) => dropped),
  };
}
