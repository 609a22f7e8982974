import type { StateMachine } from '../../../../lib/cloud/expiry/machine';
import type { State } from '../../../../lib/cloud/expiry/steps';
import { evaluate, type Names, StateError } from './query';

/** A call that a task makes, as `arn:...:aws-sdk:<service>:<api>` names it. */
export interface SdkCall {
  readonly service: string;
  readonly api: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** Carries a call out; throws a `StateError` where the service refuses. */
export type Sdk = (call: SdkCall) => Promise<unknown>;

/** How an execution went. Waits take no time: `seconds` is what they would have taken. */
export interface Execution {
  readonly status: 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT';
  readonly error: string;
  readonly cause: string;
  readonly seconds: number;
  readonly visited: readonly string[];
  readonly calls: readonly SdkCall[];
}

/** What a state may say; a field nobody here reads would be one nobody tested. */
const FIELDS: Readonly<Record<State['Type'], readonly string[]>> = {
  Task: ['Resource', 'Arguments', 'Assign', 'Output', 'Retry', 'Catch', 'Next', 'End'],
  Pass: ['Assign', 'Output', 'Next', 'End'],
  Wait: ['Seconds', 'Next', 'End'],
  Choice: ['Choices', 'Default'],
  Map: ['Items', 'MaxConcurrency', 'ItemProcessor', 'Retry', 'Catch', 'Next', 'End'],
  Succeed: [],
  Fail: ['Error', 'Cause'],
};

/** Most that a task may answer (Step Functions quotas: 256 KiB of input or output). */
const MOST_BYTES = 262_144;
/** `States.ALL` does not stand for these (Step Functions user guide, error names). */
const TERMINAL = ['States.DataLimitExceeded', 'States.Runtime'];

interface Scope {
  readonly sdk: Sdk;
  readonly time: { seconds: number };
  readonly limit: number;
  readonly visited: string[];
  readonly calls: SdkCall[];
}

/** Runs a machine as Step Functions does, with a clock of its own. */
export async function run(
  machine: StateMachine,
  sdk: Sdk,
  input: unknown = {},
): Promise<Execution> {
  const scope: Scope = {
    sdk,
    time: { seconds: 0 },
    limit: machine.TimeoutSeconds,
    visited: [],
    calls: [],
  };
  const told = { visited: scope.visited, calls: scope.calls };
  try {
    await walk(machine, { input, variables: {} }, scope);
    const seconds = scope.time.seconds;
    return { status: 'SUCCEEDED', error: '', cause: '', seconds, ...told };
  } catch (failure) {
    if (!(failure instanceof StateError)) throw failure;
    const { error, because: cause } = failure;
    const status = error === 'States.Timeout' ? 'TIMED_OUT' : 'FAILED';
    return { status, error, cause, seconds: scope.time.seconds, ...told };
  }
}

interface Begin {
  readonly input: unknown;
  readonly variables: Names;
}

interface Flow {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

/** State after state, from the first to one that ends; answers the last one's output. */
async function walk({ StartAt, States }: Flow, begin: Begin, scope: Scope): Promise<unknown> {
  let { input, variables } = begin;
  for (let name = StartAt; ; ) {
    const state = States[name];
    if (state === undefined) throw new StateError('States.Runtime', `no state ${name}`);
    refuseUnknown(name, state);
    scope.visited.push(name);
    const left = await leave(state, { input, variables }, scope);
    variables = { ...variables, ...left.assigned };
    input = left.output;
    if (left.next === undefined) return input;
    name = left.next;
  }
}

interface Left {
  readonly next: string | undefined;
  readonly output: unknown;
  readonly assigned: Names;
}

async function leave(state: State, at: Begin, scope: Scope): Promise<Left> {
  const { input, variables } = at;
  switch (state.Type) {
    case 'Task':
      return attempt(state, at, { scope, act: () => callOf(state, at, scope) });
    case 'Map':
      return attempt(state, at, { scope, act: () => mapOf(state, at, scope) });
    case 'Pass':
      return outOf(state, { input, variables, seen: { input } }, input);
    case 'Wait':
      pass(Number(state.Seconds), scope);
      return { next: state.Next, output: input, assigned: {} };
    case 'Choice':
      return { next: await choose(state, at), output: input, assigned: {} };
    case 'Succeed':
      return { next: undefined, output: input, assigned: {} };
    case 'Fail':
      throw new StateError(String(state.Error), String(state.Cause));
  }
}

interface Out extends Begin {
  readonly seen: Names;
}

/** `Assign` and `Output` see the same variables: neither sees what the other does. */
async function outOf(
  state: { readonly Assign?: unknown; readonly Output?: unknown; readonly Next?: unknown },
  { variables, seen }: Out,
  otherwise: unknown,
): Promise<Left> {
  const names = { ...variables, states: seen };
  const assigned = (await evaluate(state.Assign ?? {}, names)) as Names;
  const output = state.Output === undefined ? otherwise : await evaluate(state.Output, names);
  return { next: state.Next as string | undefined, output, assigned };
}

interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds: number;
  readonly MaxAttempts: number;
  readonly BackoffRate: number;
}

interface Catcher {
  readonly ErrorEquals: readonly string[];
  readonly Assign?: unknown;
  readonly Output?: unknown;
  readonly Next: string;
}

/** Acts until it succeeds, no retrier wants to again, and no catcher leads on. */
async function attempt(
  state: State,
  at: Begin,
  { scope, act }: { readonly scope: Scope; readonly act: () => Promise<unknown> },
): Promise<Left> {
  const { input, variables } = at;
  const tries = new Map<Retrier, number>();
  for (;;) {
    try {
      const result = await act();
      return await outOf(state, { ...at, seen: { input, result } }, result);
    } catch (failure) {
      if (!(failure instanceof StateError) || isOver(scope)) throw failure;
      const { error, because } = failure;
      const retrier = ((state.Retry ?? []) as Retrier[]).find((one) => matches(one, error));
      const tried = retrier === undefined ? 0 : (tries.get(retrier) ?? 0);
      if (retrier !== undefined && tried < retrier.MaxAttempts) {
        tries.set(retrier, tried + 1);
        // The longest that jitter may take.
        pass(retrier.IntervalSeconds * retrier.BackoffRate ** tried, scope);
        continue;
      }
      const catcher = ((state.Catch ?? []) as Catcher[]).find((one) => matches(one, error));
      if (catcher === undefined) throw failure;
      const errorOutput = { Error: error, Cause: because };
      return outOf(catcher, { input, variables, seen: { input, errorOutput } }, errorOutput);
    }
  }
}

const matches = ({ ErrorEquals }: Catcher | Retrier, error: string): boolean =>
  ErrorEquals.includes(error) || (ErrorEquals.includes('States.ALL') && !TERMINAL.includes(error));

async function callOf(state: State, { input, variables }: Begin, scope: Scope): Promise<unknown> {
  const [, service = '', api = ''] =
    /:states:::aws-sdk:([a-z0-9]+):([a-zA-Z]+)$/.exec(String(state.Resource)) ?? [];
  const names = { ...variables, states: { input } };
  const call = {
    service,
    api,
    input: (await evaluate(state.Arguments ?? {}, names)) as SdkCall['input'],
  };
  scope.calls.push(call);
  pass(1, scope);
  const result = JSON.stringify((await scope.sdk(call)) ?? {});
  if (Buffer.byteLength(result) > MOST_BYTES) {
    throw new StateError('States.DataLimitExceeded', `${service}:${api} answers too much`);
  }
  return JSON.parse(result);
}

/** Items one after another, on the clock as many at once as the state allows. */
async function mapOf(state: State, { input, variables }: Begin, scope: Scope): Promise<unknown> {
  const items = await evaluate(state.Items, { ...variables, states: { input } });
  if (!Array.isArray(items)) {
    throw new StateError('States.QueryEvaluationError', `Items is no array: ${String(items)}`);
  }
  const began = scope.time.seconds;
  const results: unknown[] = [];
  for (const item of items) {
    results.push(await walk(state.ItemProcessor as Flow, { input: item, variables }, scope));
  }
  scope.time.seconds = began + (scope.time.seconds - began) / Number(state.MaxConcurrency);
  return results;
}

async function choose(state: State, { input, variables }: Begin): Promise<string> {
  const choices = (state.Choices ?? []) as { Condition: string; Next: string }[];
  for (const { Condition, Next } of choices) {
    const answer = await evaluate(Condition, { ...variables, states: { input } });
    if (typeof answer !== 'boolean') {
      throw new StateError('States.QueryEvaluationError', `${Condition} is neither true nor false`);
    }
    if (answer) return Next;
  }
  return String(state.Default);
}

function pass(seconds: number, scope: Scope): void {
  scope.time.seconds += seconds;
  if (!isOver(scope)) return;
  scope.time.seconds = scope.limit;
  throw new StateError('States.Timeout', `longer than ${scope.limit} s`);
}

const isOver = ({ time, limit }: Scope): boolean => time.seconds >= limit;

function refuseUnknown(name: string, state: State): void {
  const known = ['Type', 'Comment', ...FIELDS[state.Type]];
  const unknown = Object.keys(state).filter((field) => !known.includes(field));
  if (unknown.length > 0) throw new Error(`${name}: nothing here reads ${unknown.join(', ')}`);
}
