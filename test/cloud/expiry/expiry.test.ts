import { expiryMachine, type StateMachine } from '../../../lib/cloud/expiry/machine';
import type { State } from '../../../lib/cloud/expiry/steps';
import { resources, synthesize } from '../synthesized';
import { actionOf } from './states/allowed';

const machine = expiryMachine('zt-1-map');
const lab = synthesize({ lab: 'zt-1-map', ttl: '3h', owner: 'ana' });

/** Where a state may lead, by any way out of it. */
function nexts(state: State): readonly string[] {
  const {
    Next,
    Default,
    Choices = [],
    Catch = [],
  } = state as {
    Next?: string;
    Default?: string;
    Choices?: readonly { Next: string }[];
    Catch?: readonly { Next: string }[];
  };
  const ways = [Next, Default, ...[...Choices, ...Catch].map((way) => way.Next)];
  return ways.filter((name) => name !== undefined);
}

/** The services' actions that the machine calls, as IAM names them. */
function actions({ States }: StateMachine): readonly string[] {
  const calls = JSON.stringify(States).matchAll(/aws-sdk:([a-z0-9]+):([a-zA-Z]+)/g);
  return [...calls].map(([, service = '', api = '']) => actionOf({ service, api }));
}

test('every way leads somewhere, every state is reached, and a failure never stops the rest', () => {
  const known = Object.keys(machine.States);
  const led = new Set([machine.StartAt, ...Object.values(machine.States).flatMap(nexts)]);
  expect([...led].filter((name) => !known.includes(name))).toEqual([]);
  expect(known.filter((name) => !led.has(name))).toEqual([]);
  const tasks = Object.entries(machine.States).filter(([, { Type }]) => Type === 'Task');
  expect(tasks.filter(([, { Catch }]) => Catch === undefined)).toEqual([]);
});

test('the machine may do what it calls, and nothing else; it deletes only what the lab tagged', () => {
  const role = resources(lab, 'expiry', 'AWS::IAM::Role').find(
    ({ Properties }) => Properties.Policies !== undefined,
  );
  const statements: readonly {
    Action: string | readonly string[];
    Resource: unknown;
    Condition?: unknown;
  }[] = role?.Properties.Policies[0].PolicyDocument.Statement;
  const allowed = statements.flatMap(({ Action }) => Action);
  expect([...new Set(allowed)].sort()).toEqual([...new Set(actions(machine))].sort());
  const wild = statements.filter(({ Resource, Condition }) => Resource === '*' && !Condition);
  expect(wild.flatMap(({ Action }) => Action).filter((a) => !/:(Describe|Get)/.test(a))).toEqual(
    [],
  );
});

test('the schedule starts it once, at the expiry that the stack names in its outputs', () => {
  const [schedule] = resources(lab, 'expiry', 'AWS::Scheduler::Schedule');
  expect(schedule?.Properties).toMatchObject({
    Name: 'zt-1-map-expiry',
    ScheduleExpression: 'at(2026-11-21T13:00:00)',
    FlexibleTimeWindow: { Mode: 'OFF' },
  });
  expect(lab.templates['zt-1-map-expiry']?.Outputs?.Expires?.Value).toBe('2026-11-21T13:00:00Z');
});

test('the scheduler may start this machine and nothing else, and tells it nothing', () => {
  const [machineResource] = resources(lab, 'expiry', 'AWS::StepFunctions::StateMachine');
  const [schedule] = resources(lab, 'expiry', 'AWS::Scheduler::Schedule');
  const { Arn, RoleArn, Input } = schedule?.Properties.Target ?? {};
  expect({ Arn, Input }).toEqual({ Arn: { Ref: machineResource?.id }, Input: undefined });

  const roleId: string = RoleArn['Fn::GetAtt'][0];
  const role = resources(lab, 'expiry', 'AWS::IAM::Role').find(({ id }) => id === roleId);
  expect(role?.Properties.AssumeRolePolicyDocument.Statement).toEqual([
    {
      Action: 'sts:AssumeRole',
      Effect: 'Allow',
      Principal: { Service: 'scheduler.amazonaws.com' },
      Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
    },
  ]);
  const policies = resources(lab, 'expiry', 'AWS::IAM::Policy').filter(({ Properties }) =>
    JSON.stringify(Properties.Roles).includes(`"${roleId}"`),
  );
  expect(policies.flatMap(({ Properties }) => Properties.PolicyDocument.Statement)).toEqual([
    { Action: 'states:StartExecution', Effect: 'Allow', Resource: { Ref: machineResource?.id } },
  ]);
  // One that the scheduler may start and whose role Step Functions may take.
  expect(machineResource?.Properties.StateMachineType ?? 'STANDARD').toBe('STANDARD');
});

test('its log takes no room in the policy that all log groups of an account share', () => {
  const [log] = resources(lab, 'expiry', 'AWS::Logs::LogGroup');
  expect(log?.Properties.LogGroupName).toBe(
    '/aws/vendedlogs/states/eks-network-labs/zt-1-map/expiry',
  );
});

test('the machine stands in no stack that it deletes', () => {
  const [resource] = resources(lab, 'expiry', 'AWS::StepFunctions::StateMachine');
  const text = JSON.stringify(resource?.Properties.Definition);
  const deleted = [...text.matchAll(/"StackName":"([a-z0-9-]+)"/g)].map(([, name]) => name);
  expect([...new Set(deleted)]).toEqual([
    'zt-1-map-addons',
    'zt-1-map-cluster',
    'zt-1-map-network',
  ]);
});
