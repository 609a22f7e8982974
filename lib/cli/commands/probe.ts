import type { Command } from 'commander';
import { observedAnswer, observedLine } from '../../report/answer';
import { EXIT } from '../common/exit';
import {
  asked,
  type Ended,
  type JudgingOptions,
  judgingOptions,
  observeAll,
} from '../common/judging';
import type { Terminal } from '../common/terminal';

/** `lab probe`: what real packets say of flows, in a copy of the network on this machine's kernel. */
export function register(program: Command, terminal: Terminal, ended: Ended): void {
  judgingOptions(program.command('probe'))
    .description('tries flows with real packets, in a local copy of the network')
    .option('--trace', 'ask the kernel which rule dropped what was denied')
    .action(async (options: JudgingOptions) => {
      const { world, flows, read } = asked(options, terminal);
      const seen = await observeAll(world, flows, options.trace ? 'on' : 'off');
      const render = options.json
        ? (...one: Parameters<typeof observedAnswer>) =>
            JSON.stringify({ ...observedAnswer(...one), read })
        : observedLine;
      const lines = flows.flatMap((flow, i) => {
        const one = seen[i];
        return one === undefined ? [] : [render(flow, one)];
      });
      terminal.out(lines.join('\n'));
      if (!options.json) terminal.out('\nNext: lab compare with the same options predicts it too');
      ended(EXIT.right);
    });
}
