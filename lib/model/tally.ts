/** Members of one side of many flows, by number: to whom each is counted, and whom it is like. */
export interface Counted {
  /** Group of each member: what the result is by. */
  readonly group: readonly number[];
  /** Class of each member: members of one class get the same answers, but for exceptions. */
  readonly kind: readonly number[];
}

/** A single flow that is not what its classes say: its own answer, or `undefined` for no flow. */
export interface Exception<T> {
  readonly source: number;
  readonly target: number;
  readonly answer: T | undefined;
}

/** How many flows between two groups get an answer, and one of them. */
export interface Count<T> {
  readonly source: number;
  readonly target: number;
  readonly answer: T;
  flows: number;
  readonly example: readonly [source: number, target: number];
}

/**
 * Counts every flow from each source to each target by their groups and its answer, asking once a
 * pair of classes: ten thousand pods square are a few hundred classes square. `answer` gets members
 * and must not look at exceptions. Counts come in the order their groups first appear in.
 */
export function tally<T extends string | number>(
  sources: Counted,
  targets: Counted,
  question: {
    readonly answer: (source: number, target: number) => T;
    readonly exceptions: readonly Exception<T>[];
  },
): readonly Count<T>[] {
  const width = 1 + targets.group.reduce((most, group) => Math.max(most, group), 0);
  const counts = new Map<number, Count<T>[]>();
  const add = (source: number, target: number, answer: T, flows: number): void => {
    const [from, to] = [sources.group[source] ?? 0, targets.group[target] ?? 0];
    const key = from * width + to;
    const same = counts.get(key);
    const known = same?.find((one) => one.answer === answer);
    if (known !== undefined) {
      known.flows += flows;
      return;
    }
    const count = { source: from, target: to, answer, flows, example: [source, target] } as const;
    if (same === undefined) counts.set(key, [{ ...count }]);
    else same.push({ ...count });
  };
  const targetBlocks = blocksOf(targets);
  for (const [source, many] of blocksOf(sources)) {
    for (const [target, times] of targetBlocks)
      add(source, target, question.answer(source, target), many * times);
  }
  for (const { source, target, answer } of question.exceptions) {
    add(source, target, question.answer(source, target), -1);
    if (answer !== undefined) add(source, target, answer, 1);
  }
  return [...counts.values()].flat().filter(({ flows }) => flows > 0);
}

/** One member of each group and class, with how many there are of it. */
function blocksOf({ group, kind }: Counted): ReadonlyMap<number, number> {
  const first = new Map<string, number>();
  const counts = new Map<number, number>();
  group.forEach((of, member) => {
    const key = `${of} ${kind[member]}`;
    const example = first.get(key) ?? member;
    first.set(key, example);
    counts.set(example, (counts.get(example) ?? 0) + 1);
  });
  return counts;
}
