import type { Command } from 'commander';
import { labName } from '../../model/lab-tags';
import { checkAccountName } from '../../session/catalogue';
import type { ExitCode } from '../common/exit';
import { jsonOption, regionOption } from '../common/options';
import { accountDown } from '../common/remote-down';
import type { Terminal } from '../common/terminal';

interface SweepOptions {
  readonly region: string;
  readonly as?: string;
  readonly endpoint?: string;
  readonly dryRun?: true;
  readonly force?: true;
  readonly json?: true;
}

/** `lab sweep <id>`: removes what is left of a lab in an account, known by its tags alone. */
export function register(
  program: Command,
  terminal: Terminal,
  ended: (code: ExitCode) => void,
): void {
  jsonOption(regionOption(program.command('sweep <id>')))
    .description('removes everything of a lab from an AWS account; ends with an empty inventory')
    .option('--as <name>', 'the copy that was brought up with this name')
    .option('--endpoint <url>', 'endpoint of an emulator of AWS')
    .option('--force', 'accepts the name of a lab that this version does not have')
    .option('--dry-run', 'prints exactly what would be removed, and removes nothing')
    .action(async (id: string, options: SweepOptions) =>
      ended(await run(terminal, labName(id, options.as), options)),
    );
}

async function run(terminal: Terminal, lab: string, options: SweepOptions): Promise<ExitCode> {
  const { region, endpoint } = options;
  if (!options.force) checkAccountName(lab);
  const again = `lab sweep ${lab} --region ${region}`;
  return accountDown(terminal, { lab, region, again, endpoint }, options);
}
