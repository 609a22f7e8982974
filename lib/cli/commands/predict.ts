import type { Command } from 'commander';
import { predictedLine } from '../../report/answer';
import { createAnswerWriter } from '../../report/answer-text';
import { EXIT } from '../common/exit';
import {
  asked,
  type Ended,
  type JudgingOptions,
  judgingOptions,
  predictAll,
  wordAll,
} from '../common/judging';
import { printLines } from '../common/lines';
import type { Terminal } from '../common/terminal';

/** `lab predict`: predicts flows, from any manifests and templates. */
export function register(program: Command, terminal: Terminal, ended: Ended): void {
  judgingOptions(program.command('predict'))
    .description('predicts flows, from any manifests and templates')
    .option('--staged-as-enforced', 'judge as if every staged policy were enforced')
    .option('--no-trace', 'leave trace out of --json: verdict and by only')
    .action(async (options: JudgingOptions) => {
      const { world, flows, read } = asked(options, terminal);
      const staged = options.stagedAsEnforced ? 'as-enforced' : 'as-written';
      const isTraced = options.trace !== false;
      const lines = options.json
        ? mapped(
            wordAll(world, flows, { staged, trace: isTraced }),
            createAnswerWriter(read, isTraced),
          )
        : mapped(predictAll(world, flows, { staged, trace: false }), predictedLine);
      await printLines(terminal, lines);
      if (!options.json) terminal.out('\nNext: lab compare with the same options proves it');
      ended(EXIT.right);
    });
}

function* mapped<T>(all: Iterable<T>, line: (one: T) => string): Generator<string> {
  for (const one of all) yield line(one);
}
