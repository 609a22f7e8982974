import { openAws } from '../../account/aws';
import { awsAccount } from '../../account/aws-account';
import { planSweep, type SweepEvent, sweep } from '../../account/sweep';
import { eventText, planText, resultText } from '../../account/sweep-text';
import { systemClock } from '../../model/clock';
import { awsFailure } from '../aws-failure';
import { EXIT, type ExitCode } from '../exit';
import type { Terminal } from '../terminal';

/** What of an account is to end, and the command that says so again. */
export interface Ending {
  /** The lab's name in the account. */
  readonly lab: string;
  readonly region: string;
  /** An emulator instead of AWS. */
  readonly endpoint?: string;
  readonly again: string;
}

export interface EndingOptions {
  readonly dryRun?: true;
  readonly json?: true;
}

/**
 * Removes everything of a lab from an account, or prints what that would be; ends with the inventory
 * and the next thing to type. Answers `differs` where something is left.
 */
export async function endInAccount(
  terminal: Terminal,
  ending: Ending,
  options: EndingOptions,
): Promise<ExitCode> {
  const { region, endpoint } = ending;
  const aws = openAws({ region, ...(endpoint === undefined ? {} : { endpoint }) });
  const account = awsAccount(aws);
  try {
    if (options.dryRun) {
      const plan = await planSweep(account, ending.lab);
      print(terminal, options, { value: plan, lines: planText(plan, ending) });
      next(terminal, options, plan.ours.length === 0 ? 'lab list' : ending.again);
      return EXIT.right;
    }
    const onEvent = (event: SweepEvent): void => terminal.err(eventText(event));
    const result = await sweep(account, { lab: ending.lab, clock: systemClock, onEvent });
    print(terminal, options, { value: result, lines: resultText(result, ending) });
    const isEmpty = result.left.length === 0;
    next(terminal, options, isEmpty ? 'lab list' : `${ending.again}, which goes on from here`);
    return isEmpty ? EXIT.right : EXIT.differs;
  } catch (error) {
    throw awsFailure(error);
  } finally {
    aws.close();
  }
}

const print = (
  terminal: Terminal,
  { json }: EndingOptions,
  { value, lines }: { readonly value: unknown; readonly lines: readonly string[] },
): void => terminal.out(json ? JSON.stringify(value) : lines.join('\n'));

const next = (terminal: Terminal, { json }: EndingOptions, command: string): void => {
  if (!json) terminal.out(`\nNext: ${command}`);
};
