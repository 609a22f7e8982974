import { expiryMachine, type Machine } from '../../lib/cloud/expiry-machine';
import type { State } from '../../lib/cloud/expiry-steps';
import { resources, synthesize } from './synthesized';

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

/** The states met when every call succeeds and every look finds its stack gone. */
function walk({ StartAt, States }: Machine): readonly string[] {
  const met: string[] = [];
  for (let at: string | undefined = StartAt; at !== undefined && !met.includes(at); ) {
    met.push(at);
    const state: State | undefined = States[at];
    const looks = at.startsWith('Look');
    const [gone] = (state?.Catch ?? []) as readonly { Next: string }[];
    at = looks ? gone?.Next : state?.Next;
  }
  return met;
}

/** The services' actions that the machine calls, as IAM names them. */
function actions({ States }: Machine): readonly string[] {
  const text = JSON.stringify(States);
  const calls = [...text.matchAll(/aws-sdk:([a-z0-9]+):([a-zA-Z]+)/g)];
  return calls.map(([, service = '', call = '']) => {
    const name = call.charAt(0).toUpperCase() + call.slice(1);
    return `${service.replace('elasticloadbalancingv2', 'elasticloadbalancing')}:${name}`;
  });
}

test('the lab goes in the order of teardown: what runs in it, the cluster, leftovers, the network', () => {
  expect(walk(machine).filter((name) => !/^(Wait|Look|Let)/.test(name))).toEqual([
    'FindVpcs',
    'DeleteAddons',
    'DeleteCluster',
    'FindLoadBalancers',
    'DeleteLoadBalancers',
    'FindInterfaces',
    'DeleteInterfaces',
    'FindSecurityGroups',
    'DeleteSecurityGroups',
    'DeleteNetwork',
    'Done',
  ]);
});

test('every way leads somewhere, every state is reached, and a failure never stops the rest', () => {
  const known = Object.keys(machine.States);
  const led = new Set([machine.StartAt, ...Object.values(machine.States).flatMap(nexts)]);
  expect([...led].filter((name) => !known.includes(name))).toEqual([]);
  expect(known.filter((name) => !led.has(name))).toEqual([]);
  const tasks = Object.entries(machine.States).filter(([, { Type }]) => Type === 'Task');
  expect(tasks.filter(([, { Catch }]) => Catch === undefined)).toEqual([]);
});

test('a network that cannot go fails the execution, with the command that goes on', () => {
  expect(nexts(machine.States.IsNetworkGone ?? { Type: 'Fail' })).toContain('StillThere');
  expect(machine.States.StillThere).toMatchObject({ Type: 'Fail', Cause: /lab down zt-1-map/ });
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
  expect(wild.flatMap(({ Action }) => Action).filter((a) => !/:Describe/.test(a))).toEqual([]);
});

test('the schedule starts it once, at the expiry that the tags tell', () => {
  const [schedule] = resources(lab, 'expiry', 'AWS::Scheduler::Schedule');
  expect(schedule?.Properties).toMatchObject({
    Name: 'zt-1-map-expiry',
    ScheduleExpression: 'at(2026-11-21T13:00:00)',
    FlexibleTimeWindow: { Mode: 'OFF' },
  });
  const tags = JSON.stringify(resources(lab, 'network', 'AWS::EC2::VPC'));
  expect(tags).toContain('2026-11-21T13:00:00Z');
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
