import type { Command } from 'commander';
import type { Explanation } from '../../model/explanation';
import { answerLine, comparedAnswer } from '../../report/answer';
import { type Compared, compared, discrepancyText, type Seen } from '../../report/comparison';
import type { InputCounts } from '../../report/input-summary';
import { recordFlows } from '../common/compared-flows';
import { type HtmlOptions, htmlOption, reportIn } from '../common/html';
import {
  asked,
  type Ended,
  exitFor,
  type JudgingOptions,
  judgingOptions,
  observeAll,
  predictAll,
} from '../common/judging';
import { printLines } from '../common/lines';
import type { Terminal } from '../common/terminal';

type CompareOptions = JudgingOptions & HtmlOptions;

/** `lab compare`: predicts and probes the same flows; exit 1 where the two differ. */
export function register(program: Command, terminal: Terminal, ended: Ended): void {
  htmlOption(judgingOptions(program.command('compare')))
    .description('predicts and probes flows, and shows where the two differ')
    .option('--trace', 'ask the kernel which rule dropped what was denied')
    .action(async (options: CompareOptions) => {
      const { world, flows, read } = asked(options, terminal);
      const seen = await observeAll(world, flows, options.trace ? 'on' : 'off');
      const every = compareAll(predictAll(world, flows, { staged: 'as-written' }), seen);
      const record = recordFlows();
      const all = options.html === undefined ? every : record.of(every);
      const differing = options.json ? await printJson(terminal, all, read) : print(terminal, all);
      reportIn(options, ({ compareReport }) => compareReport(record.flows));
      ended(exitFor(differing));
    });
}

function* compareAll(predicted: Iterable<Explanation>, seen: readonly Seen[]): Generator<Compared> {
  let place = 0;
  for (const one of predicted) {
    const observed = seen[place++];
    if (observed !== undefined) yield compared(one, observed);
  }
}

/** Prints each comparison as JSON; answers how many differ. */
async function printJson(
  terminal: Terminal,
  all: Iterable<Compared>,
  read: InputCounts,
): Promise<number> {
  const line = answerLine(read);
  let differing = 0;
  function* lines(): Generator<string> {
    for (const one of all) {
      if (one.agreement === 'differs') differing += 1;
      yield line(comparedAnswer(one));
    }
  }
  await printLines(terminal, lines());
  return differing;
}

/** Prints what differs and what cannot be compared; answers how many differ. */
function print(terminal: Terminal, all: Iterable<Compared>): number {
  const differing: Compared[] = [];
  const unknown: Compared[] = [];
  let agree = 0;
  for (const one of all) {
    if (one.agreement === 'differs') differing.push(one);
    else if (one.agreement === 'not-comparable') unknown.push(one);
    else agree += 1;
  }
  for (const one of differing) terminal.out(discrepancyText(one));
  for (const { flow, seen, predicted } of unknown) {
    const why = seen.reason ?? predicted.by.map((evidence) => evidence.because).join('; ');
    terminal.out(`not comparable: ${JSON.stringify(flow)}: ${why}`);
  }
  terminal.out(
    `${agree} flows agree, ${differing.length} differ, ${unknown.length} not comparable`,
  );
  const first = differing[0]?.predicted.flow;
  if (first !== undefined) terminal.out('Next: the same with --trace names the rule of the kernel');
  return differing.length;
}
