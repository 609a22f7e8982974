import { likely } from '../../model/nearest';
import type { EditorNote } from '../editor/types';
import type { PlacedFinding, Vocabulary } from '../engine/types';
import type { DraftState } from '../prediction';

/** What the editor shows at lines: problems of a draft that cannot be read, or else its findings. */
export function notesOf(
  { problems, findings }: DraftState,
  text: string,
  known: Vocabulary,
): readonly EditorNote[] {
  const lines = text.split('\n');
  const wrong = problems.flatMap(({ line, problem, fix }): EditorNote[] =>
    line === undefined ? [] : [{ line, severity: 'error', message: problem, fix }],
  );
  if (wrong.length > 0) return wrong;
  return findings
    .filter(({ severity }) => severity !== 'note')
    .flatMap((finding) => noteOf(finding, lines, known));
}

function noteOf(
  finding: PlacedFinding,
  lines: readonly string[],
  known: Vocabulary,
): readonly EditorNote[] {
  const { line, severity, why, fix, code } = finding;
  if (line === undefined) return [];
  const misfit = LABEL_FINDINGS.has(code) ? findMisfit(lines, line, known) : undefined;
  const note = { severity, message: why, fix, code };
  if (misfit === undefined) return [{ ...note, line }];
  const { from, to } = misfit;
  return [{ ...note, line: misfit.line, replace: { from, to } }];
}

/** Findings about labels that no object has. */
const LABEL_FINDINGS: ReadonlySet<string> = new Set([
  'peer-matches-nothing',
  'policy-selects-nothing',
]);

/** A label in the lines of a rule whose value no pod has, while another value is near. */
interface LabelMisfit {
  readonly line: number;
  readonly from: string;
  readonly to: string;
}

/** Lines after which a rule is surely over. */
const LONGEST_RULE = 120;

function findMisfit(
  lines: readonly string[],
  start: number,
  known: Vocabulary,
): LabelMisfit | undefined {
  const indent = indentOf(lines[start - 1] ?? '');
  for (let i = start - 1; i < Math.min(lines.length, start + LONGEST_RULE); i += 1) {
    const text = lines[i] ?? '';
    const isOver = text.startsWith('---') || (indent > 0 && indentOf(text) <= indent);
    if (i >= start && text.trim() !== '' && isOver) return undefined;
    const [, key = '', value = ''] =
      /^\s*(?:- )*"?([\w./-]+)"?:\s+"?([\w.-]+)"?\s*$/.exec(text) ?? [];
    const values = [...(known.labels[key] ?? []), ...(known.namespaceLabels[key] ?? [])];
    if (values.length === 0 || values.includes(value)) continue;
    const to = likely(value, values);
    if (to !== undefined) return { line: i + 1, from: value, to };
  }
  return undefined;
}

const indentOf = (text: string): number => /^\s*/.exec(text)?.[0].length ?? 0;
