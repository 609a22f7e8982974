import { resolve } from 'node:path';
import { cwd } from 'node:process';
import type { Command } from 'commander';
import { Failure } from '../../model/problem';
import { untilEnd } from '../../serve/life';
import { startBook } from '../../serve/server';
import { openSite, writeSite } from '../../site/site';
import { EXIT, type ExitCode } from '../common/exit';
import { jsonOption, port as portOf } from '../common/options';
import type { Terminal } from '../common/terminal';

interface BookOptions {
  readonly port?: number;
  readonly keep?: true;
  readonly out?: string;
  readonly json?: true;
}

/** `lab book`: the lab book, live on this machine, or with `--out` as a static site. */
export function register(
  program: Command,
  terminal: Terminal,
  ended: (code: ExitCode) => void,
): void {
  jsonOption(program.command('book'))
    .description('the lab book in a browser: maps, matrices, an editor, checks, packets, terminals')
    .option('--port <number>', 'port on 127.0.0.1 (default: a free one)', portOf)
    .option('--keep', 'labs that were brought up in the book stay up when it ends')
    .option(
      '--out <folder>',
      'writes a static site there instead: any web server or a browser opens it',
    )
    .action(async (options: BookOptions) => ended(await book(terminal, options)));
}

function book(terminal: Terminal, options: BookOptions): Promise<ExitCode> {
  const { out, port, keep } = options;
  if (out === undefined) return serve(terminal, options);
  if (port === undefined && keep === undefined) return write(terminal, out, options);
  throw new Failure(
    'bad-options',
    '--out writes a site and serves nothing, so --port and --keep have no meaning',
    'leave --out out to serve the lab book',
  );
}

async function write(terminal: Terminal, out: string, { json }: BookOptions): Promise<ExitCode> {
  const files = await writeSite(out);
  const bytes = files.reduce((sum, file) => sum + file.bytes.length, 0);
  const folder = resolve(out);
  if (json) {
    const paths = files.map(({ path }) => path);
    terminal.out(JSON.stringify({ folder, files: paths, bytes }));
    return EXIT.right;
  }
  terminal.out(`${files.length} files, ${(bytes / 1024 / 1024).toFixed(1)} MiB, in ${folder}`);
  terminal.out(`\nNext: open ${folder}/index.html in a browser`);
  return EXIT.right;
}

/** Serves until it is ended. Ctrl-C is how a person ends it, so that is no failure. */
async function serve(terminal: Terminal, { port = 0, keep, json }: BookOptions): Promise<ExitCode> {
  const served = await startBook({ port, files: openSite(), folder: cwd(), keep: keep === true });
  if (json) terminal.out(JSON.stringify({ url: served.url }));
  else terminal.out(served.url);
  terminal.err(
    '\nOpen this address in a browser on this machine. It holds a secret: keep it to yourself.',
  );
  const labs = keep ? 'labs stay up' : 'the labs that it brought up end with it';
  terminal.err(`Next: Ctrl-C ends the lab book; ${labs}`);
  const why = await untilEnd();
  terminal.err(`the lab book ends (${why})`);
  await served.close();
  return EXIT.right;
}
