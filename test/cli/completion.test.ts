import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { COMMANDS } from '../../lib/cli/commands';
import { type CompletedShell, completionScript, SHELLS } from '../../lib/cli/common/completion';
import { processTerminal } from '../../lib/cli/common/terminal';

const program = new Command('lab').enablePositionalOptions();
for (const load of Object.values(COMMANDS)) load().register(program, processTerminal(), () => {});
const script = (shell: CompletedShell): string =>
  completionScript(shell, program, ['linux-1-veth', 'aws-5-path']);
const has = (shell: string): boolean => spawnSync(shell, ['-c', 'true']).status === 0;

/** What bash offers for a line whose last word is being typed. */
function offered(words: readonly string[]): readonly string[] {
  const quoted = words.map((word) => `'${word}'`).join(' ');
  const line = `${script('bash')}\nCOMP_WORDS=(${quoted})\nCOMP_CWORD=${words.length - 1}\n_lab\nprintf '%s\\n' "\${COMPREPLY[@]}"`;
  return spawnSync('bash', ['-c', line], { encoding: 'utf8' }).stdout.trim().split('\n');
}

test('every command is completed, with its long options', () => {
  for (const shell of SHELLS)
    for (const { name, options } of program.commands.map((one) => ({
      name: one.name(),
      options: one.options.flatMap(({ long }) => long ?? []),
    }))) {
      expect(script(shell)).toContain(name);
      for (const option of options) expect(script(shell)).toContain(option.slice(2));
    }
});

test('bash offers commands, labs and options', () => {
  expect(offered(['lab', 'exa'])).toEqual(['exam']);
  expect(offered(['lab', 'up', 'aws'])).toEqual(['aws-5-path']);
  expect(offered(['lab', 'solve', '--o'])).toEqual(['--only-step']);
  expect(offered(['lab', 'check', '--lab', 'linux'])).toEqual(['linux-1-veth']);
});

test.each(['zsh', 'fish'] as const)('%s reads its script, where it is installed', (shell) => {
  if (!has(shell)) return;
  const folder = mkdtempSync(join(tmpdir(), 'lab-completion-'));
  const file = join(folder, 'lab');
  writeFileSync(file, script(shell));
  const { status, stderr } = spawnSync(shell, ['-n', file], { encoding: 'utf8' });
  rmSync(folder, { recursive: true });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});
