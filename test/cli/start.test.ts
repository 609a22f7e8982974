import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A project of three small programs beside the real `bin/start.js`, with esbuild and tsx at hand. */
function newProject() {
  const root = mkdtempSync(join(tmpdir(), 'lab-start-'));
  const real = join(__dirname, '../../bin');
  for (const folder of ['bin', 'lib/runtime/holder', 'node_modules']) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  for (const name of ['start.js', 'lab']) {
    copyFileSync(join(real, name), join(root, 'bin', name));
  }
  const { resolve } = createRequire(__filename);
  for (const name of ['tsx', 'esbuild']) {
    const home = dirname(resolve(`${name}/package.json`));
    symlinkSync(home, join(root, 'node_modules', name));
  }
  const write = (path: string, text: string) => writeFileSync(join(root, path), text);
  write('bin/lab.ts', "import { word } from './word';\nconsole.log(word, __dirname);");
  write('bin/word.ts', "export const word: string = 'one';");
  write('bin/lab-cni', "require('./start').start('lab-cni');");
  write('bin/lab-cni.ts', "console.log('plugin', new Error().stack?.includes('.cache'));");
  write('lib/runtime/holder/holder.ts', '');
  write('bin/cni-judge.ts', '');
  const run = (name: 'lab' | 'lab-cni') => {
    const { NODE_OPTIONS: _, ...env } = process.env;
    const { stdout, stderr } = spawnSync(process.execPath, [join(root, 'bin', name)], {
      env,
      encoding: 'utf8',
    });
    return stdout + stderr;
  };
  const leave = () => rmSync(root, { recursive: true, force: true });
  return { root, write, run, leave };
}

describe('a program of bin', () => {
  const { root, write, run, leave } = newProject();
  afterAll(leave);

  test('runs as its sources are, also after they changed, in their own folder', () => {
    expect(run('lab-cni')).toBe('plugin false\n');
    expect(run('lab')).toBe(`one ${join(root, 'bin')}\n`);
    expect(run('lab-cni')).toBe('plugin true\n');
    write('bin/word.ts', "export const word: string = 'another';");
    expect(run('lab-cni')).toBe('plugin false\n');
    expect(run('lab')).toBe(`another ${join(root, 'bin')}\n`);
    expect(run('lab')).toBe(`another ${join(root, 'bin')}\n`);
  });

  test('runs where nothing can be compiled or kept', () => {
    rmSync(join(root, 'node_modules/.cache'), { recursive: true });
    write('node_modules/.cache', 'in the way');
    expect(run('lab')).toBe(`another ${join(root, 'bin')}\n`);
  });
});
