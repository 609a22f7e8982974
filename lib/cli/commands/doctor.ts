import type { Command } from 'commander';
import { type Capability, modeOf } from '../../runtime/doctor/capability';
import { examine } from '../../runtime/doctor/doctor';
import { EXIT, type ExitCode } from '../common/exit';
import { jsonOption } from '../common/options';
import type { Terminal } from '../common/terminal';

/** `lab doctor`: finds out by trying what this machine can do, and names the fix for what is missing. */
export function register(
  program: Command,
  terminal: Terminal,
  ended: (code: ExitCode) => void,
): void {
  jsonOption(program.command('doctor'))
    .description('what this machine can do, and the fix for what is missing')
    .action(async (options: { readonly json?: true }) => ended(await doctor(terminal, options)));
}

const MODES = {
  rootless: 'Labs run here, rootless: in a user namespace of their own.',
  root: 'Labs run here, as root: this machine allows no user namespaces.',
  none: 'Labs cannot run here yet; predictions can. The fixes above say what is missing.',
} as const;

async function doctor(terminal: Terminal, { json }: { readonly json?: true }): Promise<ExitCode> {
  const capabilities = await examine();
  const mode = modeOf(capabilities);
  if (json) {
    terminal.out(JSON.stringify({ mode, capabilities }));
  } else {
    for (const one of capabilities) terminal.out(line(terminal, one));
    terminal.out(`\n${MODES[mode]}`);
    terminal.out(mode === 'none' ? '\nNext: lab predict --help' : '\nNext: lab list');
  }
  return mode === 'none' ? EXIT.unusable : EXIT.right;
}

function line({ palette }: Terminal, one: Capability): string {
  if (one.kind === 'ok') return `${palette.good('ok')}       ${one.title} (${one.detail})`;
  const mark = one.needed === 'always' ? palette.bad('missing') : palette.doubt('missing');
  return `${mark}  ${one.title}\n         ${one.why}\n         fix: ${one.fix}`;
}
