import { gridOf } from '../../book/engine/grid';
import type { BookReport, ReportedChange, ReportedFlow } from '../../book/report/types';
import type { FlowChange } from '../../model/change';
import type { Explanation } from '../../model/explanation';
import type { Finding, Severity } from '../../model/finding';
import type { Flip } from '../../model/flip';
import type { Matrix } from '../../model/matrix';
import type { World } from '../../model/world';
import type { RecommendationProof } from '../../proof/recommend-proof';
import { proofLines } from '../../proof/recommend-text';
import type { Engine } from '../../reach/engine';
import type { WrittenSet } from '../../recommend/kinds';
import { type Compared, discrepancyText } from '../../report/comparison';

export { writeReport } from '../../site/report';

/** What packets and prediction say of a whole matrix, or the prediction alone. */
export function matrixReport(
  world: World,
  predicted: Matrix,
  proof?: {
    readonly observed: Matrix;
    readonly flows: number;
    readonly differing: readonly Compared[];
  },
): Omit<BookReport, 'command' | 'footer'> {
  const grid = gridOf(predicted, world);
  const [allowed = 0, , , unknown = 0] = grid.totals;
  const all = grid.totals.reduce((sum, count) => sum + count, 0);
  const doubt = unknown === 0 ? '' : ` ${unknown} are unknown.`;
  const summary = `${allowed} of ${all} flows between ${grid.rows.length} workloads are open.${doubt}`;
  if (proof === undefined)
    return {
      headline: `${allowed} of ${all} flows are open`,
      summary: `${summary} No packet was sent.`,
      grid,
    };
  const { observed, flows, differing } = proof;
  return {
    headline:
      differing.length === 0
        ? `All ${flows} flows went as predicted`
        : `${differing.length} of ${flows} flows differ from the prediction`,
    summary: `${summary} ${flows} packets were sent.`,
    grid,
    seen: gridOf(observed, world).cells.map((cell) => cell?.counts),
    differing: differing.map(discrepancyText),
  };
}

/** What a change opens and closes, with who decides it now. */
export function diffReport(
  changes: readonly FlowChange[],
  before: { readonly world: World; readonly matrix: Matrix },
  after: { readonly world: World; readonly matrix: Matrix; readonly engine: Engine },
): Omit<BookReport, 'command' | 'footer'> {
  const opened = changes.filter((one) => one.after === 'allowed').length;
  const closed = changes.filter((one) => one.before === 'allowed').length;
  const other = changes.length - opened - closed;
  const words = [
    opened === 0 ? '' : `${opened} ${opened === 1 ? 'path opens' : 'paths open'}`,
    closed === 0 ? '' : `${closed} ${closed === 1 ? 'path closes' : 'paths close'}`,
    other === 0 ? '' : `${other} ${other === 1 ? 'path changes' : 'paths change'} otherwise`,
  ].filter((one) => one !== '');
  const grid = gridOf(after.matrix, after.world);
  const flows = grid.totals.reduce((sum, count) => sum + count, 0);
  return {
    headline: changes.length === 0 ? 'No flow changes' : words.join(', '),
    summary: `${flows} flows between ${grid.rows.length} workloads were judged, none with packets.`,
    changes: changes.map((change) => withReason(change, after.engine)),
    grid,
    before: gridOf(before.matrix, before.world),
  };
}

const withReason = (change: FlowChange, engine: Engine): ReportedChange => ({
  change,
  decidedBy:
    change.after === 'absent'
      ? []
      : engine.explain(change.example).by.map(({ because }) => because),
});

function comparedHeadline(flows: number, differ: number, unknown: number): string {
  if (differ > 0) return `${differ} of ${flows} flows differ from the prediction`;
  if (flows === 1 && unknown === 0) return 'The flow went as predicted';
  return unknown === 0
    ? `All ${flows} flows went as predicted`
    : `No flow differs from the prediction, ${unknown} of ${flows} are not comparable`;
}

/** More flows than that are no reading matter: those that agree are then counted only. */
const MOST_FLOWS = 500;

const ORDER = { differs: 0, 'not-comparable': 1, agrees: 2 } as const;

/** Flows predicted and sent: what differs first, then what cannot be compared. */
export function compareReport(
  all: readonly ReportedFlow[],
): Omit<BookReport, 'command' | 'footer'> {
  const count = (agreement: ReportedFlow['agreement']): number =>
    all.filter((one) => one.agreement === agreement).length;
  const [agree, differ, unknown] = [count('agrees'), count('differs'), count('not-comparable')];
  const sorted = all.toSorted((a, b) => ORDER[a.agreement] - ORDER[b.agreement]);
  const shown = sorted.slice(0, Math.max(MOST_FLOWS, differ + unknown));
  const left = all.length - shown.length;
  const rest = left === 0 ? '' : ` ${left} that agree are not listed.`;
  const [worst] = all.filter(({ agreement }) => agreement === 'differs');
  return {
    headline: comparedHeadline(all.length, differ, unknown),
    summary: `${agree} flows agree, ${differ} differ, ${unknown} are not comparable. Packets were sent.${rest}`,
    compared: shown,
    ...(worst && { warning: `The kernel disagrees: ${worst.flow}.` }),
  };
}

/** Findings, with the number of each severity as the headline. */
export function lintReport(findings: readonly Finding[]): Omit<BookReport, 'command' | 'footer'> {
  const words = (['error', 'warning', 'note'] as const).flatMap((severity: Severity) => {
    const count = findings.filter((one) => one.severity === severity).length;
    return count === 0 ? [] : [`${count} ${severity}${count === 1 ? '' : 's'}`];
  });
  const [worst] = findings.filter(({ severity }) => severity === 'error');
  return {
    headline: words.length === 0 ? 'No findings' : words.join(', '),
    summary: 'What is legal in the files and probably not meant.',
    findings,
    ...(worst && { warning: `${worst.object}: ${worst.why}.` }),
  };
}

/** One flow, hop by hop. */
export function explainReport(
  explanation: Explanation,
  flip: Flip | undefined,
): Omit<BookReport, 'command' | 'footer'> {
  const { verdict } = explanation;
  return {
    headline: `The flow is ${verdict === 'no-route' ? 'without a route' : verdict}`,
    summary: 'Predicted from the files; every hop and the rule that decided.',
    explained: { kind: 'explained', explanation, ...(flip && { flip }) },
  };
}

/** A recommended set of policies: why each rule is there, and what the engine says of it. */
export function recommendReport(
  set: WrittenSet,
  proof: RecommendationProof,
  yaml: string,
): Omit<BookReport, 'command' | 'footer'> {
  const { kept, lost, nextDeploy } = proof;
  const broken = [...lost, ...nextDeploy.cut, ...nextDeploy.opened];
  return {
    headline: `${set.policies.length} policies keep ${kept} of ${kept + lost.length} flows that were seen`,
    summary: `After the next deploy ${nextDeploy.cut.length} of them are cut and ${nextDeploy.opened.length} more calls open.`,
    recommended: {
      rules: set.evidence,
      notes: set.notes,
      proof: proofLines(set, proof),
      yaml,
    },
    ...(broken.length > 0 && { warning: `Do not apply it: ${broken.join('; ')}.` }),
  };
}
