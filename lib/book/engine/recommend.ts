import type { Problem } from '../../model/problem';
import { recommend } from '../../recommend/recommend';
import { policiesYaml } from '../../recommend/yaml';
import {
  createRecordsReader,
  fileProblems,
  seenFlows,
  skippedWarnings,
} from '../../records/open/read';
import { recordedWorld } from '../../records/recorded-world';
import type { Recommended, RecommendInput, Unreadable } from './types';
import type { OpenWorld } from './worlds';

/** Policies for the flows that records show as allowed, as `lab recommend` makes them: all files are one log. */
export function recommendFor(
  open: OpenWorld,
  { records, enforcement }: RecommendInput,
): Recommended | Unreadable {
  const reader = createRecordsReader(open.world);
  for (const { path, text } of records) {
    const intake = reader.open(path);
    intake.text(text);
    intake.end();
  }
  const read = reader.result();
  const problems = fileProblems(read.files);
  if (problems.length === read.files.length) return { kind: 'problems', problems };
  const flows = seenFlows(read.records);
  const set = recommend(recordedWorld(open.world), flows, enforcement);
  const skipped = [...problems, ...skippedWarnings(read.files)].map(wordsOf);
  return {
    kind: 'recommended',
    yaml: policiesYaml(set.policies, set.evidence),
    flows: flows.length,
    generalised: set.generalised,
    notPoliced: set.notPoliced,
    notes: [
      ...skipped,
      ...[...read.notes, ...set.notes].map(({ problem, fix, count, calls = [] }) => {
        const times = count === undefined ? '' : ` (${count})`;
        const named = calls.length === 0 ? '' : `: ${calls.join(', ')}`;
        return `${problem}${times}${named}; ${fix}`;
      }),
    ],
  };
}

const wordsOf = ({ file, problem, fix }: Problem): string => `${file}: ${problem}; ${fix}`;
