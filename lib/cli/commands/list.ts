import type { Command } from 'commander';
import type { Lab } from '../../lab/format';
import { labRows, PRICED_IN, PRICED_ON } from '../../session/list';
import { runningLabs } from '../../session/local/running';
import { EXIT, type ExitCode } from '../common/exit';
import { jsonOption } from '../common/options';
import type { Terminal } from '../common/terminal';

const LEVELS = ['Linux', 'CNI', 'Kubernetes networking', 'AWS', 'Zero trust and beyond'] as const;

/** `lab list`: the curriculum by level, where each lab runs, and how far the learner is. */
export function register(
  program: Command,
  terminal: Terminal,
  ended: (code: ExitCode) => void,
): void {
  jsonOption(program.command('list'))
    .description('the labs by level: where they run, what they cost, how far you are')
    .action(async (options: { readonly json?: true }) => ended(await list(terminal, options)));
}

async function list(terminal: Terminal, { json }: { readonly json?: true }): Promise<ExitCode> {
  const rows = labRows(new Set((await runningLabs()).map((running) => running.lab)));
  if (json) {
    terminal.out(JSON.stringify(rows));
    return EXIT.right;
  }
  const width = Math.max(...rows.map((row) => row.id.length));
  for (const [index, name] of LEVELS.entries()) {
    const inLevel = rows.filter((row) => row.level === index + 1);
    if (inLevel.length === 0) continue;
    terminal.out(terminal.palette.strong(`Level ${index + 1}: ${name}`));
    for (const { id, state, targets, title, eksPerHour, steps, minutes } of inLevel) {
      const where = `${targetsText(targets)} ${priceText(eksPerHour?.small)}`;
      const count = `${steps.done}/${steps.all}`.padStart(5);
      const time = `${minutes} min`.padStart(7);
      terminal.out(
        `  ${id.padEnd(width)}  ${state.padEnd(5)} ${count} ${time}  ${where}  ${title}`,
      );
    }
  }
  terminal.out(
    `\nPrices: USD an hour on EKS, small, ${PRICED_IN}, ${PRICED_ON}; lab cost <id> shows each line.`,
  );
  terminal.out(`Next: lab show ${next(rows)}, or lab next`);
  return EXIT.right;
}

const priceText = (perHour: number | undefined): string =>
  perHour === undefined ? '     ' : `$${perHour.toFixed(2)}`;

const targetsText = (targets: Lab['targets']): string =>
  (['local', 'kind', 'eks'] as const)
    .map((target) => (targets.includes(target) ? target : '-'.padEnd(target.length)))
    .join(' ');

const next = (rows: readonly { readonly id: string; readonly state: string }[]): string =>
  (rows.find((row) => row.state !== 'done') ?? rows[0])?.id ?? '';
