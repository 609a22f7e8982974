import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { calicoDay, manifests, vpcLog, writeLines } from './flow-records';

/**
 * `lab recommend` of a day of Calico windows (115,200 lines) and of a large VPC flow log, each in a process
 * of its own: seconds and the most memory that it had. `RECORD_LINES` sets the lines of the VPC log.
 */
async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'records-'));
  const world = join(folder, 'world.json');
  writeFileSync(world, JSON.stringify(manifests()));
  try {
    const calico = join(folder, 'calico.jsonl');
    await writeLines(calico, calicoDay(24));
    measure('calico, 24 hours', world, calico);
    const vpc = join(folder, 'vpc.log');
    const lines = Number(process.env.RECORD_LINES ?? 1_000_000);
    await writeLines(vpc, vpcLog(lines));
    measure(`vpc, ${lines} lines`, world, vpc);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function measure(what: string, world: string, flows: string): void {
  const lab = resolve(__dirname, '../../bin/lab');
  const start = performance.now();
  const ran = spawnSync(
    '/usr/bin/time',
    ['-f', '%M', 'node', lab, 'recommend', '--manifests', world, '--flows', flows, '--json'],
    { encoding: 'utf8', maxBuffer: 2 ** 28 },
  );
  const seconds = (performance.now() - start) / 1000;
  if (ran.status !== 0) throw new Error(ran.stderr);
  // GNU time writes the most memory that the process had, in KiB, below its own lines.
  const memory = Number(ran.stderr.trim().split('\n').at(-1)) / 1024;
  const { kept, lost, policies } = JSON.parse(ran.stdout) as {
    kept: number;
    lost: unknown[];
    policies: unknown[];
  };
  const size = (statSync(flows).size / 2 ** 20).toFixed(0);
  console.log(
    `${what} (${size} MiB): ${seconds.toFixed(1)} s, ${memory.toFixed(0)} MiB, ${policies.length} policies, ${kept} kept, ${lost.length} lost`,
  );
}

void main();
