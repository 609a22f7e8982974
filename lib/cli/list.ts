import type { Command } from 'commander';
import { labs } from '../../labs';
import EKS_COSTS from '../../labs/eks-costs.json';
import type { Lab } from '../lab/format';
import { labState } from '../lab/progress';
import { EXIT, type ExitCode } from './exit';
import { allProgress } from './learner';
import { runningLabs } from './running';
import type { Terminal } from './terminal';

const LEVELS = ['Linux', 'CNI', 'Kubernetes networking', 'AWS', 'Zero trust and beyond'] as const;

/** `lab list`: the curriculum by level, where each lab runs, and how far the learner is. */
export function register(
  program: Command,
  terminal: Terminal,
  ended: (code: ExitCode) => void,
): void {
  program
    .command('list')
    .description('the labs by level: where they run, what they cost, how far you are')
    .option('--json', 'print the value instead of the text')
    .action(async (options: { readonly json?: true }) => ended(await list(terminal, options)));
}

async function list(terminal: Terminal, { json }: { readonly json?: true }): Promise<ExitCode> {
  const progress = allProgress();
  const up = new Set((await runningLabs()).map((running) => running.lab));
  const rows = labs.map((lab) => ({
    id: lab.id,
    level: lab.level,
    title: lab.title,
    targets: lab.targets,
    cost: lab.cost,
    ...(COSTS[lab.id] && { eksPerHour: COSTS[lab.id] }),
    state: up.has(lab.id) ? ('up' as const) : labState(lab, progress[lab.id]),
  }));
  if (json) {
    terminal.out(JSON.stringify(rows));
    return EXIT.right;
  }
  const width = Math.max(...rows.map((row) => row.id.length));
  for (const [index, name] of LEVELS.entries()) {
    const inLevel = rows.filter((row) => row.level === index + 1);
    if (inLevel.length === 0) continue;
    terminal.out(terminal.palette.strong(`Level ${index + 1}: ${name}`));
    for (const { id, state, targets, title } of inLevel) {
      const where = `${targetsText(targets)} ${priceText(COSTS[id]?.small)}`;
      terminal.out(`  ${id.padEnd(width)}  ${state.padEnd(5)}  ${where}  ${title}`);
    }
  }
  const { pricedOn, region } = EKS_COSTS;
  terminal.out(
    `\nPrices: USD an hour on EKS, small, ${region}, ${pricedOn}; lab cost <id> shows each line.`,
  );
  terminal.out(`Next: lab show ${next(labs, rows)}`);
  return EXIT.right;
}

/** What an hour costs on EKS, by lab and size: from the templates (`test/golden/eks-costs.ts`). */
const COSTS: Readonly<Record<string, Readonly<Record<'small' | 'production', number>>>> =
  EKS_COSTS.perHour;

const priceText = (perHour: number | undefined): string =>
  perHour === undefined ? '     ' : `$${perHour.toFixed(2)}`;

const targetsText = (targets: Lab['targets']): string =>
  (['local', 'kind', 'eks'] as const)
    .map((target) => (targets.includes(target) ? target : '-'.padEnd(target.length)))
    .join(' ');

const next = (
  all: readonly Lab<string>[],
  rows: readonly { readonly id: string; readonly state: string }[],
): string => (rows.find((row) => row.state !== 'done') ?? all[0])?.id ?? '';
