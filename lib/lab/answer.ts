/**
 * What a typed answer must be. `choice` lists what a person may pick; `text` takes any of its
 * spellings, ignoring case and spaces; `set` takes its members in any order; `observed` is read from
 * the environment at the moment of asking, because it differs from machine to machine.
 */
export type Accept =
  | {
      readonly kind: 'choice';
      readonly options: readonly string[];
      readonly right: string;
      /** Explanation of each wrong option. */
      readonly whyNot?: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'number'; readonly value: number; readonly tolerance: number }
  | {
      readonly kind: 'text';
      readonly right: readonly string[];
      readonly wrong: readonly string[];
      /** What sort of thing is asked for: `a command`. Said after `say`. */
      readonly sort: string;
      /** Explanation of each wrong answer. */
      readonly whyNot?: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'set'; readonly members: readonly string[] }
  | { readonly kind: 'observed'; readonly fact: ObservedFact; readonly of: string };

/** A value only the running environment knows; `of` names the endpoint or namespace it is about. */
export type ObservedFact =
  /** The endpoint's first address. */
  | 'address'
  /** MAC address of its interface. */
  | 'mac'
  /** Name of the device at the node's end of its cable. */
  | 'host-device'
  /** Name of the node it runs on. */
  | 'node';

/** Something to ask a learner, how the answer is judged, and why it is so. */
export interface Question {
  /** Unique in its lab. */
  readonly id: string;
  readonly ask: string;
  readonly accept: Accept;
  /** Shown once the answer is right. */
  readonly because: string;
}

/** A question as it is asked: with its options, where it has any, under their letters. */
export const askText = (question: Question): string =>
  [question.ask, ...optionLines(question)].join('\n       ');

/** What may be said to a question: its options under their letters, or what sort of thing is asked for. */
export function sayText(question: Question): string {
  const { accept } = question;
  switch (accept.kind) {
    case 'choice':
      return `say one of these\n       ${optionLines(question).join('\n       ')}`;
    case 'number':
      return 'say a number';
    case 'text':
      return `say ${accept.sort}`;
    case 'set':
      return 'say all of them, separated by spaces';
    case 'observed':
      return `say the ${FACTS[accept.fact]} that you see on your machine`;
  }
}

/** What a value is called that only the running environment knows. */
const FACTS: Readonly<Record<ObservedFact, string>> = {
  address: 'address',
  mac: 'MAC address',
  'host-device': 'device',
  node: 'node',
};

const optionLines = ({ accept }: Question): readonly string[] =>
  accept.kind === 'choice'
    ? accept.options.map((option, i) => `${optionLetter(i)}) ${option}`)
    : [];

export type AnswerVerdict = 'right' | 'wrong';

/**
 * Judges what a learner typed. `observed` holds the values an `observed` answer may have (a
 * workload of two pods has two addresses); it is not looked at for the other kinds.
 */
export function judgeAnswer(
  accept: Accept,
  typed: string,
  observed: readonly string[] = [],
): AnswerVerdict {
  const said = plain(typed);
  switch (accept.kind) {
    case 'choice':
      return judged(said === plain(accept.right) || said === letterOf(accept));
    case 'number':
      return judged(said !== '' && Math.abs(Number(said) - accept.value) <= accept.tolerance);
    case 'text':
      return judged(accept.right.some((right) => plain(right) === said));
    case 'set':
      return judged(sameMembers(typed.split(/[\s,]+/), accept.members));
    case 'observed':
      return judged(observed.some((value) => plain(value) === said));
  }
}

/** What is wrong about a wrong answer, as far as that can be said without telling the right one. */
export function wrongBecause(accept: Accept, typed: string): string {
  switch (accept.kind) {
    case 'choice':
      return wrongOption(accept, typed);
    case 'number':
      return wrongNumber(accept.value, typed);
    case 'text':
      return whyNotSaid(accept, typed) ?? `that is not it: say ${accept.sort}`;
    case 'set':
      return wrongMembers(accept.members, typed);
    case 'observed':
      return `this machine shows another ${FACTS[accept.fact]}`;
  }
}

/** The line printed for a wrong answer. A reason that ends with a question mark keeps it. */
export function notRight(accept: Accept, typed: string): string {
  const because = wrongBecause(accept, typed);
  return `Not right: ${because}${because.endsWith('?') ? '' : '.'}`;
}

/** One right way to type the answer; `observed` as for `judgeAnswer`. */
export function rightAnswer(accept: Accept, observed: readonly string[] = []): string | undefined {
  switch (accept.kind) {
    case 'choice':
      return accept.right;
    case 'number':
      return String(accept.value);
    case 'text':
      return accept.right[0];
    case 'set':
      return accept.members.join(' ');
    case 'observed':
      return observed[0];
  }
}

/** Answers that must be refused: what the acceptance run tries before the right one. */
export function wrongAnswers(accept: Accept): readonly string[] {
  switch (accept.kind) {
    case 'choice':
      return accept.options.filter((option) => option !== accept.right);
    case 'number':
      return [String(accept.value + accept.tolerance + 1), 'none', ''];
    case 'text':
      return accept.wrong;
    case 'set':
      return [accept.members.slice(1).join(' '), [...accept.members, 'another'].join(' ')];
    case 'observed':
      return ['0.0.0.0', ''];
  }
}

/** The letters under which a choice's options are offered: `a`, `b`, `c` in their order. */
export const optionLetter = (index: number): string => String.fromCharCode(97 + index);

const letterOf = (accept: Extract<Accept, { kind: 'choice' }>): string =>
  optionLetter(accept.options.indexOf(accept.right));

function wrongOption(
  { options, whyNot }: Extract<Accept, { kind: 'choice' }>,
  typed: string,
): string {
  const taken = options.find((option, i) =>
    [plain(option), optionLetter(i)].includes(plain(typed)),
  );
  if (taken === undefined) return `say ${options.map((_, i) => optionLetter(i)).join(', ')}`;
  return whyNot?.[taken] ?? 'another option is right';
}

function wrongNumber(value: number, typed: string): string {
  const said = Number(typed);
  if (plain(typed) === '' || Number.isNaN(said)) return 'a number is asked for, like 12 or 0.75';
  return said < value ? 'it is more than that' : 'it is less than that';
}

function wrongMembers(members: readonly string[], typed: string): string {
  const said = [...new Set(typed.split(/[\s,]+/).map(plain))].filter((word) => word !== '');
  const right = said.filter((word) => members.map(plain).includes(word)).length;
  return `${right} of your ${said.length} belong, and there are ${members.length}`;
}

const whyNotSaid = (
  { whyNot }: Extract<Accept, { kind: 'text' }>,
  typed: string,
): string | undefined =>
  Object.entries(whyNot ?? {}).find(([answer]) => plain(answer) === plain(typed))?.[1];

const plain = (text: string): string => text.trim().toLowerCase().replaceAll(/\s+/g, ' ');

const judged = (right: boolean): AnswerVerdict => (right ? 'right' : 'wrong');

function sameMembers(typed: readonly string[], members: readonly string[]): boolean {
  const said = new Set(typed.map(plain).filter((word) => word !== ''));
  return said.size === members.length && members.every((member) => said.has(plain(member)));
}
