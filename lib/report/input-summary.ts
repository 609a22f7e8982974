import type { InputSummary } from '../model/input-summary';

/** Files that are named in full; the others are counted. */
const MOST_NAMED = 10;

/** What a command read, in lines: the counts, then what was left out and may matter, then the rest. */
export function inputSummaryText(summary: InputSummary): readonly string[] {
  const { files, objects, templates, skipped, notModelled, notNetwork } = summary;
  const counts = [
    counted(files, 'file'),
    counted(objects, 'object'),
    ...(templates > 0 ? [counted(templates, 'template')] : []),
  ].join(', ');
  const named = skipped.slice(0, MOST_NAMED).map(({ file, because }) => `${file} (${because})`);
  const more = skipped.length - named.length;
  const names = [...named, ...(more > 0 ? [`${more} more`] : [])].join(', ');
  return [
    `read: ${counts}${names === '' ? '' : `; skipped: ${names}`}`,
    ...skipped.flatMap(({ file, because, fix }) =>
      fix === undefined ? [] : [`warning ${file}: this is ${because}: it is not judged; ${fix}`],
    ),
    ...(summary.leftOut ?? []).map(
      ({ object, file, problem }) => `left out ${object} (${file}): ${problem}`,
    ),
    ...kindsText('not modelled (verdicts may depend on it)', notModelled),
    ...kindsText('not about the network', notNetwork),
  ];
}

const counted = (count: number, word: string): string =>
  `${count} ${word}${count === 1 ? '' : 's'}`;

function kindsText(title: string, kinds: Readonly<Record<string, number>>): readonly string[] {
  const list = Object.entries(kinds).map(([kind, count]) => `${count} ${kind}`);
  return list.length === 0 ? [] : [`${title}: ${list.join(', ')}`];
}

/** The same in numbers, for answers of which there are many. */
export interface InputCounts {
  readonly files: number;
  readonly objects: number;
  readonly templates: number;
  readonly skipped: number;
  /** Objects with problems that were left out. */
  readonly leftOut: number;
  /** Objects and resources that a verdict may depend on and that are not modelled. */
  readonly notModelled: number;
}

/** Counts what was read and left out: the field `read` of an answer that is one of many. */
export function inputCounts({
  skipped,
  notModelled,
  leftOut = [],
  ...summary
}: InputSummary): InputCounts {
  const { files, objects, templates } = summary;
  const left = Object.values(notModelled).reduce((sum, count) => sum + count, 0);
  return {
    files,
    objects,
    templates,
    skipped: skipped.length,
    leftOut: leftOut.length,
    notModelled: left,
  };
}
