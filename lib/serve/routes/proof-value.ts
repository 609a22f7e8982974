import { formatEnd } from '../../model/flow';
import { type Matrix, verdictAt } from '../../model/matrix';
import type { Proof } from '../../proof/proof';
import { comparedAnswer } from '../../report/answer';
import { squareOf } from '../../report/matrix';
import type { MatrixValue, ProofCounts } from '../api/shapes';

/** How a proof went, without its matrices. */
export const countsOf = ({ flows, millis, differing }: Proof): ProofCounts => ({
  flows,
  millis,
  differing: differing.map(comparedAnswer),
});

/** Both matrices of a proof, by workload and end by end. */
export const matricesOf = ({ predicted, observed }: Proof) => ({
  predicted: squareOf(predicted),
  observed: squareOf(observed),
  ends: { predicted: endsOf(predicted), observed: endsOf(observed) },
});

function endsOf(matrix: Matrix): MatrixValue {
  const targets = matrix.targets.map(({ to, ...target }) => ({ end: formatEnd(to), ...target }));
  const sources = matrix.sources.map(({ from, workload }) => ({ end: formatEnd(from), workload }));
  const verdicts = sources.map((source, s) =>
    targets.map((target, t) => (source.end === target.end ? null : verdictAt(matrix, s, t))),
  );
  return { sources, targets, verdicts };
}
