import type { Recommendation } from '../recommend/recommend';
import type { RecommendationProof, StillOpen } from './recommend-proof';

/** What a recommendation keeps, loses and closes, and everything that it leaves open, by why. */
export function recommendText(
  { policies, generalised, notPoliced }: Recommendation,
  { kept, lost, closed, open }: RecommendationProof,
): string {
  const stays = open.reduce((sum, { flows }) => sum + flows, 0);
  return [
    `${policies.length} policies; ${kept + lost.length} flows seen: ${kept} kept, ${lost.length} lost`,
    ...lost.map((flow) => `  lost: ${flow}`),
    `of the flows that nobody saw ${closed} close and ${stays} stay open`,
    ...listed(
      'generalised: replicas share their labels, and a rule for one admits them all',
      open.filter(({ why }) => why === 'generalised'),
    ),
    ...generalised.map((line) => `generalised: ${line}`),
    ...listed(
      `not policed: nobody but the cluster itself (${notPoliced.join(', ')}) and those outside`,
      open.filter(({ why }) => why === 'not-policed'),
    ),
    ...listed(
      'allowed by policies that were there before',
      open.filter(({ why }) => why === 'other-policies'),
    ),
  ].join('\n');
}

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
