import type { Command } from 'commander';
import { comparedAnswer } from '../report/answer';
import { type Compared, compared, discrepancyText } from '../report/comparison';
import {
  asked,
  type Ended,
  exitFor,
  type JudgingOptions,
  judgingOptions,
  observeAll,
  predictAll,
} from './judging';
import type { Terminal } from './terminal';

/** `lab compare`: predicts and probes the same flows; exit 1 where the two differ. */
export function register(program: Command, terminal: Terminal, ended: Ended): void {
  judgingOptions(program.command('compare'))
    .description('predicts and probes flows, and tells where the two differ')
    .option('--trace', 'ask the kernel which rule dropped what was denied')
    .action(async (options: JudgingOptions) => {
      const { world, flows } = asked(options, terminal);
      const predicted = predictAll(world, flows, 'as-written');
      const seen = await observeAll(world, flows, options.trace ? 'on' : 'off');
      const all = predicted.flatMap((one, i) => {
        const observed = seen[i];
        return observed === undefined ? [] : [compared(one, observed)];
      });
      const differing = all.filter((one) => one.agreement === 'differs');
      if (options.json)
        terminal.out(all.map((one) => JSON.stringify(comparedAnswer(one))).join('\n'));
      else print(terminal, all, differing);
      ended(exitFor(differing.length));
    });
}

function print(terminal: Terminal, all: readonly Compared[], differing: readonly Compared[]): void {
  for (const one of differing) terminal.out(discrepancyText(one));
  const unknown = all.filter((one) => one.agreement === 'not-comparable');
  for (const { flow, seen, predicted } of unknown) {
    const why = seen.reason ?? predicted.by.map((evidence) => evidence.because).join('; ');
    terminal.out(`not comparable: ${JSON.stringify(flow)}: ${why}`);
  }
  const agree = all.length - differing.length - unknown.length;
  terminal.out(
    `${agree} flows agree, ${differing.length} differ, ${unknown.length} not comparable`,
  );
  const first = differing[0]?.predicted.flow;
  if (first !== undefined) terminal.out('Next: the same with --trace names the rule of the kernel');
}
