import type { ExamResult } from '../lab/exam';
import type { Lab } from '../lab/format';
import {
  currentStep,
  type LabProgress,
  type LabState,
  labState,
  type Progress,
} from '../lab/progress';

/** What a learner did in one lab. */
export interface LabSummary {
  readonly id: string;
  readonly title: string;
  readonly level: number;
  readonly state: LabState;
  readonly steps: { readonly done: number; readonly all: number };
  /** The step that comes next; `null` once all are done. */
  readonly next: string | null;
  readonly questions: { readonly answered: number; readonly all: number };
  readonly hints: number;
  /** Steps whose solution was asked for. */
  readonly solutions: number;
  readonly wrongAnswers: number;
  readonly failedChecks: number;
}

/** What a learner did in all labs. */
export interface ProgressSummary {
  readonly labs: readonly LabSummary[];
  readonly exams: readonly ExamResult[];
}

const sum = (counts: Readonly<Record<string, number>> | undefined): number =>
  Object.values(counts ?? {}).reduce((total, one) => total + one, 0);

/** Counts what was done, for each lab in the order of the curriculum. */
export const progressSummary = (
  labs: readonly Lab<string>[],
  progress: Progress,
  exams: readonly ExamResult[],
): ProgressSummary => ({ labs: labs.map((lab) => summaryOf(lab, progress[lab.id])), exams });

function summaryOf(lab: Lab<string>, progress: LabProgress | undefined): LabSummary {
  const { done = [], solved = [], hints, answers = {}, wrong, failed } = progress ?? {};
  return {
    id: lab.id,
    title: lab.title,
    level: lab.level,
    state: labState(lab, progress),
    steps: { done: lab.steps.filter(({ id }) => done.includes(id)).length, all: lab.steps.length },
    next: currentStep(lab, progress)?.id ?? null,
    questions: {
      answered: lab.questions.filter(({ id }) => Object.hasOwn(answers, id)).length,
      all: lab.questions.length,
    },
    hints: sum(hints),
    solutions: solved.length,
    wrongAnswers: sum(wrong),
    failedChecks: sum(failed),
  };
}

/** A summary in plain text: a line for each lab that was begun, and the exams. */
export function progressText({ labs, exams }: ProgressSummary): string {
  const begun = labs.filter(({ state }) => state !== 'new');
  const done = labs.filter(({ state }) => state === 'done').length;
  const width = Math.max(0, ...begun.map(({ id }) => id.length));
  const lines = begun.map(
    (lab) => `  ${lab.id.padEnd(width)}  ${lab.state.padEnd(5)}  ${work(lab)}`,
  );
  const examLines = exams.map(
    ({ lab, score, minutes, endedAt }) =>
      `  ${lab}: ${score} of 100 points in ${minutes} minutes, ${endedAt.slice(0, 10)}`,
  );
  return [
    `${done} of ${labs.length} labs done, ${begun.length - done} begun.`,
    ...lines,
    ...(examLines.length === 0 ? [] : ['Exams:', ...examLines]),
  ].join('\n');
}

const work = (lab: LabSummary): string =>
  [
    `${lab.steps.done}/${lab.steps.all} steps`,
    `${lab.questions.answered}/${lab.questions.all} questions`,
    `${lab.hints} hints`,
    `${lab.solutions} solutions`,
    `${lab.wrongAnswers} wrong answers`,
    `${lab.failedChecks} failed checks`,
  ].join(', ');

const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);

/** A summary as one HTML page without scripts, to print or to hand in. */
export function progressHtml({ labs, exams }: ProgressSummary, madeAt: string): string {
  const rows = labs.map((lab) =>
    cells('td', [
      lab.id,
      lab.title,
      lab.state,
      `${lab.steps.done}/${lab.steps.all}`,
      `${lab.questions.answered}/${lab.questions.all}`,
      `${lab.hints}`,
      `${lab.solutions}`,
      `${lab.wrongAnswers}`,
      `${lab.failedChecks}`,
    ]),
  );
  const examRows = exams.map(({ lab, score, minutes, endedAt }) =>
    cells('td', [lab, `${score}`, `${minutes}`, endedAt]),
  );
  const head = ['lab', 'title', 'state', 'steps', 'questions', 'hints', 'solutions'];
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Progress</title>',
    '<style>body{font-family:sans-serif;margin:2rem}table{border-collapse:collapse}',
    'td,th{border:1px solid #999;padding:.3rem .6rem;text-align:left}</style></head><body>',
    `<h1>EKS Network Labs: progress</h1><p>${escaped(madeAt)}</p>`,
    table([cells('th', [...head, 'wrong answers', 'failed checks']), ...rows]),
    ...(exams.length === 0
      ? []
      : [
          '<h2>Exams</h2>',
          table([cells('th', ['lab', 'score', 'minutes', 'ended']), ...examRows]),
        ]),
    '</body></html>',
  ].join('\n');
}

const cells = (tag: 'td' | 'th', texts: readonly string[]): string =>
  `<tr>${texts.map((text) => `<${tag}>${escaped(text)}</${tag}>`).join('')}</tr>`;

const table = (rows: readonly string[]): string => `<table>\n${rows.join('\n')}\n</table>`;
