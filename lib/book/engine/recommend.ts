import { stringify } from 'yaml';
import { recommend } from '../../recommend/recommend';
import { readRecords, seenFlows } from '../../records/open/read';
import type { PlacedProblem, Recommended, RecommendInput, Unreadable } from './types';
import type { OpenWorld } from './worlds';

/** Policies for the flows that records show as allowed, as `lab recommend` makes them. */
export function recommendFor(
  { world }: OpenWorld,
  { records, enforcement }: RecommendInput,
): Recommended | Unreadable {
  const readings = records.map((file) => readRecords(file, world));
  const problems = readings.flatMap((reading): readonly PlacedProblem[] =>
    reading.kind === 'problems' ? reading.problems : [],
  );
  if (problems.length > 0) return { kind: 'problems', problems };
  const flows = seenFlows(
    readings.flatMap((reading) => (reading.kind === 'read' ? reading.value : [])),
  );
  const { policies, generalised, notPoliced } = recommend(world, flows, enforcement);
  const yaml = policies
    .map((policy) => stringify(policy, { aliasDuplicateObjects: false }))
    .join('---\n')
    .trimEnd();
  return { kind: 'recommended', yaml, flows: flows.length, generalised, notPoliced };
}
