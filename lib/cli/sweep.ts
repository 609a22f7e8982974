import type { Command } from 'commander';
import { openAws } from '../account/aws';
import { awsAccount } from '../account/aws-account';
import { planSweep, sweep } from '../account/sweep';
import { eventText, planText, resultText } from '../account/sweep-text';
import { systemClock } from '../model/clock';
import { labName } from '../model/lab-tags';
import { awsFailure } from './aws-failure';
import { EXIT, type ExitCode } from './exit';
import type { Terminal } from './terminal';

interface SweepOptions {
  readonly region: string;
  readonly as?: string;
  readonly endpoint?: string;
  readonly dryRun?: true;
  readonly json?: true;
}

/** `lab sweep <id>`: removes what is left of a lab in an account, known by its tags alone. */
export function register(
  program: Command,
  terminal: Terminal,
  ended: (code: ExitCode) => void,
): void {
  program
    .command('sweep <id>')
    .description('removes everything of a lab from an AWS account; ends with an empty inventory')
    .option('--region <region>', 'where the lab ran', process.env.AWS_REGION ?? 'us-east-1')
    .option('--as <name>', 'the one that was brought up with this name')
    .option('--endpoint <url>', 'an emulator instead of AWS')
    .option('--dry-run', 'prints exactly what would go, and removes nothing')
    .option('--json', 'print the value instead of the text')
    .action(async (id: string, options: SweepOptions) =>
      ended(await run(terminal, labName(id, options.as), options)),
    );
}

async function run(terminal: Terminal, lab: string, options: SweepOptions): Promise<ExitCode> {
  const { region, endpoint } = options;
  const aws = openAws({ region, ...(endpoint === undefined ? {} : { endpoint }) });
  const account = awsAccount(aws);
  try {
    if (options.dryRun) {
      const plan = await planSweep(account, lab);
      terminal.out(options.json ? JSON.stringify(plan) : planText(plan, lab).join('\n'));
      if (!options.json) terminal.out(`\nNext: lab sweep ${lab} --region ${region}`);
      return EXIT.right;
    }
    const onEvent = (event: Parameters<typeof eventText>[0]): void =>
      terminal.err(eventText(event));
    const result = await sweep(account, { lab, clock: systemClock, onEvent });
    terminal.out(
      options.json ? JSON.stringify(result) : resultText(result, { lab, region }).join('\n'),
    );
    return result.left.length === 0 ? EXIT.right : EXIT.differs;
  } catch (error) {
    throw awsFailure(error);
  } finally {
    aws.close();
  }
}
