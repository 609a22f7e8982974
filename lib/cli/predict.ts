import type { Command } from 'commander';
import { predictedAnswer, predictedLine } from '../report/answer';
import { EXIT } from './exit';
import { asked, type Ended, type JudgingOptions, judgingOptions, predictAll } from './judging';
import type { Terminal } from './terminal';

/** `lab predict`: what the engine says of flows, from anybody's manifests and templates. */
export function register(program: Command, terminal: Terminal, ended: Ended): void {
  judgingOptions(program.command('predict'))
    .description('what the engine says of flows, from any manifests and templates')
    .option('--staged-as-enforced', 'judge as if every staged policy were enforced')
    .action((options: JudgingOptions) => {
      const { world, flows } = asked(options, terminal);
      const staged = options.stagedAsEnforced ? 'as-enforced' : 'as-written';
      const render = options.json
        ? (one: Parameters<typeof predictedLine>[0]) => JSON.stringify(predictedAnswer(one))
        : predictedLine;
      terminal.out(predictAll(world, flows, staged).map(render).join('\n'));
      if (!options.json) terminal.out('\nNext: lab compare with the same options proves it');
      ended(EXIT.right);
    });
}
