import type { LabData } from '../book-data';
import { appliedOn } from '../worlds';

interface AppliedLineProps {
  readonly data: LabData;
  readonly stage: string;
}

/** Says which files of the learner are in force on top of a stage. */
export function AppliedLine({ data, stage }: AppliedLineProps) {
  const files = appliedOn(data, stage);
  return files.length === 0 ? null : <span> With {files.join(', ')} on top.</span>;
}
