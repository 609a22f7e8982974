import type { Command } from 'commander';
import { openAws } from '../account/aws';
import { exportVpcs } from '../account/export';
import { awsFailure } from './aws-failure';
import { EXIT, type ExitCode } from './exit';
import { writeText } from './files';
import type { Terminal } from './terminal';

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
  program
    .command('export <vpc...>')
    .description('VPCs of an account as a CloudFormation template, to be judged; it only reads')
    .option('--region <region>', 'where they are', process.env.AWS_REGION ?? 'us-east-1')
    .option('--endpoint <url>', 'an emulator instead of AWS')
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
  const aws = openAws({ region, ...(endpoint === undefined ? {} : { endpoint }) });
  terminal.err(`looking at ${ids.join(', ')} in ${region} ...`);
  try {
    const template = await exportVpcs(aws, ids);
    const text = JSON.stringify(template, null, 2);
    if (out === undefined) terminal.out(text);
    else writeText(out, `${text}\n`);
    const count = Object.keys(template.Resources).length;
    const file = out ?? '<file>';
    terminal.err(
      `${count} resources\n\nNext: lab matrix --template ${file}, lab lint --template ${file}`,
    );
    return EXIT.right;
  } catch (error) {
    throw awsFailure(error);
  } finally {
    aws.close();
  }
}
