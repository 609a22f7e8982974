import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Before any test: the program that asks kube-network-policies, or the reason why there is none. */
export default function setup(): void {
  const program = join(mkdtempSync(join(tmpdir(), 'oracle-')), 'oracle');
  const built = spawnSync('go', ['build', '-o', program, '.'], {
    cwd: join(__dirname, 'go'),
    encoding: 'utf8',
  });
  if (built.status === 0) {
    process.env.ORACLE = program;
    return;
  }
  const problem = built.error?.message ?? built.stderr;
  if (process.env.CI === 'true') throw new Error(`without Go: ${problem}`);
  process.env.NO_ORACLE = `without Go: ${problem.split('\n')[0]}`;
}
