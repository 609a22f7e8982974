import type { Question } from './answer';
import type {
  AnswerCheck,
  DnsCheck,
  EndName,
  Expected,
  ExplanationCheck,
  FactCheck,
  FlowCheck,
  FlowTarget,
  MachineFlows,
  MachinesCheck,
  PingCheck,
  StagedCheck,
  StateCheck,
  WireCheck,
} from './check';
import type { Fact } from './fact';
import type { Solution } from './format';
import type { ShellLine } from './shell-line';

// The words a lab is written in: each makes one value of the format, so that a lab reads as sentences.

const flow =
  (expect: Expected) =>
  (from: EndName, to: FlowTarget, because: string): FlowCheck => ({
    kind: 'flow',
    from,
    to,
    expect,
    because,
  });

/** A TCP flow that connects. */
export const allowed = flow('allowed');
/** A TCP flow that vanishes, while its target answers a control. */
export const denied = flow('denied');
/** A TCP flow that arrives at a port where no process listens. */
export const refused = flow('refused');
/** A TCP flow that has no way there. */
export const unreachable = flow('unreachable');

/** The same denial, counted against another control than the target's own node. */
export const against = (control: EndName, check: FlowCheck): FlowCheck => ({ ...check, control });

/** The same flow over UDP. */
export const overUdp = (check: FlowCheck): FlowCheck => ({ ...check, protocol: 'UDP' });

const ping =
  (expect: PingCheck['expect']) =>
  (from: EndName, to: string, because: string): PingCheck => ({
    kind: 'ping',
    from,
    to,
    expect,
    because,
  });

/** An echo request that is answered. */
export const pings = ping('answered');
/** An echo request without an answer. */
export const pingsInVain = ping('silent');
/** An echo request that the kernel has no way for. */
export const cannotPing = ping('unreachable');

/** A name that resolves to these ends' addresses: a Service's own, or those of a workload's pods. */
export const resolves = (
  from: EndName,
  name: string,
  { to, because }: { readonly to: readonly EndName[]; readonly because: string },
): DnsCheck => ({ kind: 'dns', from, name, expect: { kind: 'addresses-of', ends: to }, because });

/** A name that is not answered with an address. */
export const resolvesNot = (
  from: EndName,
  name: string,
  { why, because }: { readonly why: 'no-such-name' | 'no-answer'; readonly because: string },
): DnsCheck => ({ kind: 'dns', from, name, expect: { kind: why }, because });

/** A fact of the network inside a machine or namespace. */
export const has = (where: string, fact: Fact, because: string): FactCheck => ({
  kind: 'fact',
  in: where,
  fact,
  because,
});

/** What the headers of a flow say at a device. */
export const carries = (
  flowEnds: { readonly from: EndName; readonly to: FlowTarget },
  rest: Omit<WireCheck, 'kind' | 'from' | 'to'>,
): WireCheck => ({ kind: 'wire', ...flowEnds, ...rest });

/** What the prediction must name as having decided a flow. */
export const decidedBy = (
  from: EndName,
  to: FlowTarget,
  rest: Omit<ExplanationCheck, 'kind' | 'from' | 'to'>,
): ExplanationCheck => ({ kind: 'explanation', from, to, ...rest });

const staged =
  (expect: StagedCheck['expect']) =>
  (from: EndName, to: FlowTarget, because: string): StagedCheck => ({
    kind: 'staged',
    from,
    to,
    expect,
    because,
  });

/** A flow that what is staged would let through. */
export const wouldBeAllowed = staged('would-be-allowed');
/** A flow that what is staged would deny; today it passes. */
export const wouldBeDenied = staged('would-be-denied');

/**
 * The whole state of a stage: every pair of ends as there, and nothing else open or closed.
 * @param title what must hold, in one line
 */
export const holds = (as: string, title: string): StateCheck => ({
  kind: 'state',
  as,
  title,
  because: 'the state of every pair of ends is the result of a step, not that of a few flows',
});

/** The same state, with what a source may send and a destination receive each as there. */
export const inEachDirection = (check: StateCheck): StateCheck => ({
  ...check,
  directions: 'apart',
});

/** The same state, by the very tiers and policies of the stage; their names do not count. */
export const bySamePolicies = (check: StateCheck): StateCheck => ({ ...check, policies: 'same' });

/** What all machines of a Linux lab reach, and nothing else. */
export const machinesReach = (title: string, ...flows: readonly MachineFlows[]): MachinesCheck => ({
  kind: 'machines',
  title,
  flows,
  because: 'what stays closed is a part of the result, and so is who answers',
});

/** A step that is passed by a right answer. */
export const asks = (question: Question): AnswerCheck => ({
  kind: 'answer',
  question,
  because: question.because,
});

interface QuestionText {
  readonly id: string;
  readonly ask: string;
  readonly because: string;
}

/** A wrong answer and the reason why it is wrong. */
export type Wrong = readonly [answer: string, whyNot: string];

/** A question with options; the first is right, and they are offered in the order of the alphabet. */
export const choose = (
  { id, ask, because }: QuestionText,
  right: string,
  ...wrong: readonly Wrong[]
): Question => ({
  id,
  ask,
  accept: {
    kind: 'choice',
    options: [right, ...textsOf(wrong)].sort(),
    right,
    whyNot: reasonsOf(wrong),
  },
  because,
});

/** A question whose answer is a number, `tolerance` (0 unless said) either way. */
export const count = (
  { id, ask, because }: QuestionText,
  value: number,
  tolerance = 0,
): Question => ({
  id,
  ask,
  accept: { kind: 'number', value, tolerance },
  because,
});

/**
 * A question whose answer is a word; `sort` is what sort of word, as it stands after `say`, and
 * `wrong` are answers that must be refused.
 */
export const word = (
  { id, ask, because, sort }: QuestionText & { readonly sort: string },
  right: readonly string[],
  wrong: readonly Wrong[],
): Question => ({
  id,
  ask,
  accept: { kind: 'text', right, wrong: textsOf(wrong), sort, whyNot: reasonsOf(wrong) },
  because,
});

/** A question whose answer is several words in any order. */
export const words = (
  { id, ask, because }: QuestionText,
  ...members: readonly string[]
): Question => ({
  id,
  ask,
  accept: { kind: 'set', members },
  because,
});

/** Solved by entering a stage. */
export const stage = <const S extends string>(name: S): Solution<S> => ({
  kind: 'stage',
  stage: name,
});

/** Solved by lines typed in one machine. */
export const typed = (machine: string, ...lines: readonly string[]): Solution<never> => ({
  kind: 'commands',
  commands: linesIn(machine, ...lines),
});

/** Lines typed in one machine. */
export const linesIn = (machine: string, ...lines: readonly string[]): readonly ShellLine[] =>
  lines.map((run) => ({ in: machine, run }));

/** Solved by the answers that the step asks for. */
export const byAnswering: Solution<never> = { kind: 'answers' };

const textsOf = (wrong: readonly Wrong[]): readonly string[] => wrong.map(([answer]) => answer);

const reasonsOf = (wrong: readonly Wrong[]): Readonly<Record<string, string>> =>
  Object.fromEntries(wrong);
