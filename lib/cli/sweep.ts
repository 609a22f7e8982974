import type { Command } from 'commander';
import { labName } from '../model/lab-tags';
import type { ExitCode } from './exit';
import { endInAccount } from './remote/ending';
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

function run(terminal: Terminal, lab: string, options: SweepOptions): Promise<ExitCode> {
  const { region, endpoint } = options;
  const again = `lab sweep ${lab} --region ${region}`;
  const where = { lab, region, again, ...(endpoint === undefined ? {} : { endpoint }) };
  return endInAccount(terminal, where, options);
}
