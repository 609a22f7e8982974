import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IoMessage } from '@aws-cdk/toolkit-lib';
import { quietSdk } from '../../../lib/account/aws';
import {
  deployAssembly,
  deployFailure,
  stacksOfAssembly,
} from '../../../lib/account/deploy/deploy';
import { type DeployEvent, deployText, progressHost } from '../../../lib/account/deploy/events';
import { trackFirstFailure } from '../../../lib/account/deploy/first-failure';

const message = (more: Partial<IoMessage<unknown>>): IoMessage<unknown> => ({
  time: new Date(0),
  level: 'info',
  action: 'deploy',
  message: '',
  data: {},
  ...more,
});
const control = { deployment: 'd', stackName: 'lab-network', resourcesTotal: 38 };
const activity = {
  deployment: 'd',
  event: {
    StackName: 'lab-network',
    LogicalResourceId: 'Vpc1',
    ResourceType: 'AWS::EC2::VPC',
    ResourceStatus: 'CREATE_FAILED',
    ResourceStatusReason: 'The maximum number of VPCs has been reached',
  },
  metadata: { constructPath: 'lab-network/Vpc' },
  progress: { completed: 3, total: 38, formatted: '[3/38]' },
};

test('messages of the toolkit become events, and what is not for people stays silent', async () => {
  const events: DeployEvent[] = [];
  const host = progressHost((event) => events.push(event));
  await host.notify(message({ code: 'CDK_TOOLKIT_I5501', data: control }));
  await host.notify(message({ code: 'CDK_TOOLKIT_I5502', data: activity }));
  await host.notify(message({ level: 'debug', message: 'retrieving account' }));
  await host.notify(message({ level: 'warn', message: 'slow' }));
  const done = { code: 'CDK_TOOLKIT_I5503', data: control, time: new Date(61_000) } as const;
  await host.notify(message(done));
  expect(events.map(deployText)).toEqual([
    'lab-network: 38 resources',
    'lab-network 3/38 CREATE_FAILED AWS::EC2::VPC lab-network/Vpc: The maximum number of VPCs has been reached',
    'slow',
    'lab-network: done in 61 s',
  ]);
});

test('questions get the answer the toolkit suggests: the person said yes before', async () => {
  const host = progressHost(() => undefined);
  const code = 'CDK_TOOLKIT_I5060' as const;
  const answer = await host.requestResponse({ ...message({}), code, defaultResponse: true });
  expect(answer).toBe(true);
});

describe('a failed deployment', () => {
  const failed = (resource: string, reason: string): DeployEvent => ({
    kind: 'resource',
    stack: 'lab-network',
    resource,
    type: 'AWS::EC2::VPC',
    status: 'CREATE_FAILED',
    reason,
    done: 1,
    total: 9,
  });

  test('tells what failed first, and not what was stopped because of it', () => {
    const first = trackFirstFailure();
    first.note(failed('lab-network/Subnet', 'Resource creation cancelled'));
    first.note(failed('lab-network/Vpc', 'The maximum number of VPCs has been reached'));
    first.note(failed('lab-network/Other', 'Access denied'));
    expect(first.text()).toBe(
      'AWS::EC2::VPC lab-network/Vpc: The maximum number of VPCs has been reached',
    );
  });

  test.each([
    [
      'with the commands of its lab',
      { again: 'the same lab up zt-1-map', remove: 'lab sweep zt-1-map --region us-east-1' },
    ],
    ['without them', undefined],
  ])('has a fix without placeholders, %s', async (_, commands) => {
    quietSdk();
    const { ToolkitError } = await import('@aws-cdk/toolkit-lib');
    const error = new ToolkitError('DeployFailed', 'the stack failed');
    const options = { region: 'us-east-1', account: '123456789012', cause: 'it was so' };
    const failure = await deployFailure(error, {
      ...options,
      ...(commands === undefined ? {} : { commands }),
    });
    expect(failure).toMatchObject({ code: 'deploy-failed', problem: 'it was so' });
    expect((failure as { fix: string }).fix).not.toMatch(/<[a-z]+>/);
  });
});

describe('an assembly of one stack', () => {
  let directory: string;
  const options = { region: 'us-east-1', onEvent: () => undefined };
  const environment = { ...process.env };

  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'assembly-'));
    const properties = { templateFile: 'one.template.json', terminationProtection: false };
    const one = { type: 'aws:cloudformation:stack', environment: 'aws://1/us-east-1', properties };
    const manifest = { version: '36.0.0', artifacts: { one } };
    writeFileSync(join(directory, 'manifest.json'), JSON.stringify(manifest));
    writeFileSync(join(directory, 'one.template.json'), JSON.stringify({ Resources: {} }));
  });
  afterAll(() => {
    rmSync(directory, { recursive: true, force: true });
    process.env = environment;
  });

  test('its stacks are listed', async () => {
    expect(await stacksOfAssembly(directory, options)).toEqual(['one']);
  });

  test('without credentials the failure says how to get some', async () => {
    for (const key of Object.keys(process.env)) if (key.startsWith('AWS_')) delete process.env[key];
    const nothing = join(directory, 'none');
    Object.assign(process.env, {
      AWS_EC2_METADATA_DISABLED: 'true',
      HOME: directory,
      AWS_CONFIG_FILE: nothing,
      AWS_SHARED_CREDENTIALS_FILE: nothing,
    });
    await expect(deployAssembly(directory, options)).rejects.toMatchObject({
      name: 'Failure',
      code: 'no-credentials',
      fix: expect.stringContaining('aws sso login'),
    });
  });
});
