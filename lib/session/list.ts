import { labs } from '../../labs';
import EKS_COSTS from '../../labs/eks-costs.json';
import type { Lab } from '../lab/format';
import { labState } from '../lab/progress';
import { allProgress } from './learner';

/** What an hour costs on EKS in USD, by lab and size: from the templates (`test/golden/eks-costs.ts`). */
const COSTS: Readonly<Record<string, Readonly<Record<'small' | 'production', number>>>> =
  EKS_COSTS.perHour;

/** Where and when those prices hold. */
export const { pricedOn: PRICED_ON, region: PRICED_IN } = EKS_COSTS;

/** The labs in the curriculum's order, as `lab list --json` prints them. */
export function labRows(up: ReadonlySet<string>) {
  const progress = allProgress();
  return labs.map((lab) => ({
    id: lab.id,
    level: lab.level,
    title: lab.title,
    targets: lab.targets,
    cost: lab.cost,
    ...(COSTS[lab.id] && { eksPerHour: COSTS[lab.id] }),
    minutes: lab.head.minutes,
    steps: {
      done: lab.steps.filter(({ id }) => progress[lab.id]?.done.includes(id)).length,
      all: lab.steps.length,
    },
    state: stateOf(lab, up, progress[lab.id]),
  }));
}

const stateOf = (
  lab: Lab<string>,
  up: ReadonlySet<string>,
  progress: Parameters<typeof labState>[1],
) => (up.has(lab.id) ? ('up' as const) : labState(lab, progress));
