import type { FlowNote } from '../model/flow-evidence';
import type { WrittenSet } from '../recommend/kinds';
import type { RecommendationProof, StillOpen } from './recommend-proof';

/** What a recommendation keeps, loses and closes, everything that it leaves open by why, and what to know. */
export const recommendText = (set: WrittenSet, proof: RecommendationProof): string =>
  [...proofLines(set, proof), ...(set.notes.length === 0 ? [] : [notesText(set.notes)])].join('\n');

/** What the engine says of a set, a line each. */
export function proofLines(
  { policies, generalised, notPoliced }: WrittenSet,
  { kept, lost, closed, open, nextDeploy }: RecommendationProof,
): readonly string[] {
  const stays = open.reduce((sum, { flows }) => sum + flows, 0);
  return [
    `${policies.length} policies; ${kept + lost.length} flows seen: ${kept} kept, ${lost.length} lost`,
    ...lost.map((flow) => `  lost: ${flow}`),
    `of the flows that were not seen, ${closed} close and ${stays} stay open`,
    `after the next deploy: ${nextDeploy.cut.length} cut, ${nextDeploy.opened.length} opened`,
    ...nextDeploy.cut.map((call) => `  cut: ${call}`),
    ...nextDeploy.opened.map((call) => `  opened: ${call}`),
    ...listed(
      'generalised: replicas share their labels, and a rule for one admits them all',
      open.filter(({ why }) => why === 'generalised'),
    ),
    ...generalised.map((line) => `generalised: ${line}`),
    ...listed(
      `not covered by a policy: the cluster's own namespaces (${notPoliced.join(', ')}) and hosts outside`,
      open.filter(({ why }) => why === 'not-policed'),
    ),
    ...listed(
      'allowed by policies that were there before',
      open.filter(({ why }) => why === 'other-policies'),
    ),
  ];
}

/** Calls that are listed of one note; the JSON answer has all of them. */
const MOST_CALLS = 10;

/** What a person has to know before a set is applied, each kind with what it is about. */
export const notesText = (notes: readonly FlowNote[]): string =>
  notes
    .flatMap(({ problem, fix, count, example, calls = [] }) => {
      const place = example === undefined ? '' : `, first at ${example.file}:${example.line}`;
      const times = count === undefined ? '' : ` (${count}${place})`;
      const more = calls.length - MOST_CALLS;
      return [
        `note: ${problem}${times}; ${fix}`,
        ...calls.slice(0, MOST_CALLS).map((call) => `  ${call}`),
        ...(more > 0 ? [`  and ${more} more`] : []),
      ];
    })
    .join('\n');

/** A line for each two workloads, with all their ports. */
function listed(title: string, open: readonly StillOpen[]): readonly string[] {
  const lines = new Map<string, StillOpen[]>();
  for (const one of open) {
    const who = `${one.from} -> ${one.to}`;
    lines.set(who, [...(lines.get(who) ?? []), one]);
  }
  if (lines.size === 0) return [];
  return [
    `${title}:`,
    ...[...lines].map(([who, all]) => {
      const ports = all.map(({ protocol, port }) => `${protocol} ${port}`).join(', ');
      const more = all.reduce((sum, { flows }) => sum + flows, 0);
      const by = [...new Set(all.flatMap((one) => one.by))].sort().join(', ');
      return `  ${who} ${ports}: ${more} more${by === '' ? '' : ` (${by})`}`;
    }),
  ];
}
