import type { Command } from 'commander';
import { exportVpcs } from '../../account/export/export';
import { withAws } from '../../session/remote/account';
import { EXIT, type ExitCode } from '../common/exit';
import { writeText } from '../common/files';
import { regionOption } from '../common/options';
import type { Terminal } from '../common/terminal';

interface ExportOptions {
  readonly region: string;
  readonly endpoint?: string;
  readonly out?: string;
}

/** `lab export <vpc...>`: VPCs of an account as a template that every other command reads. */
export function register(
  program: Command,
  terminal: Terminal,
  ended: (code: ExitCode) => void,
): void {
  regionOption(program.command('export <vpc...>'), 'AWS region of the VPCs')
    .description('VPCs of an account as a CloudFormation template, to be judged; it only reads')
    .option('--endpoint <url>', 'endpoint of an emulator of AWS')
    .option('--out <file>', 'writes the template there instead of printing it')
    .action(async (ids: readonly string[], options: ExportOptions) =>
      ended(await run(terminal, ids, options)),
    );
}

async function run(
  terminal: Terminal,
  ids: readonly string[],
  { region, endpoint, out }: ExportOptions,
): Promise<ExitCode> {
  terminal.err(`looking at ${ids.join(', ')} in ${region} ...`);
  const template = await withAws({ region, endpoint }, (aws) => exportVpcs(aws, ids));
  const text = JSON.stringify(template, null, 2);
  if (out === undefined) terminal.out(text);
  else writeText(out, `${text}\n`);
  const resources = Object.keys(template.Resources).length;
  const file = out ?? '<file>';
  terminal.err(
    `${resources} resources\n\nNext: lab matrix --template ${file}, lab lint --template ${file}`,
  );
  return EXIT.right;
}
