import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { costOf } from '../../lib/account/cost/cost';
import { readConfig, type Size } from '../../lib/cloud/config/config';
import { type CloudLabId, cloudLabIds } from '../../lib/cloud/config/environments';
import { addLab, createDraft } from '../../lib/cloud/lab-app';

/**
 * Synthesis: one lab as `cdk synth` runs it (targets: 3 s without validation, 8 s with), and every
 * lab in both sizes in this process (target: 60 s), with resources and price of each.
 */
function main(): void {
  const folder = mkdtempSync(join(tmpdir(), 'bench-cloud-'));
  try {
    console.log(`cloud: one lab, no validation: ${seconds(timesOf(folder, 'false'))}, target 3 s`);
    console.log(`cloud: one lab, validated: ${seconds(timesOf(folder, 'true'))}, target 8 s`);
    synthesizeAll(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Three runs of the app, each a process of its own, as the CDK CLI starts it. */
function timesOf(folder: string, validation: 'true' | 'false'): readonly number[] {
  const env = { ...process.env, CDK_OUTDIR: join(folder, 'one'), CDK_VALIDATION: validation };
  return [1, 2, 3].map(() => {
    const start = performance.now();
    const { status } = spawnSync(process.execPath, ['--import', 'tsx', 'bin/app.ts'], { env });
    if (status !== 0) throw new Error(`the app ended with ${status}`);
    return performance.now() - start;
  });
}

function synthesizeAll(folder: string): void {
  const start = performance.now();
  for (const lab of cloudLabIds) {
    const [small, production] = (['small', 'production'] as const).map((size) =>
      sum(lab, size, folder),
    );
    console.log(`cloud: ${lab.padEnd(24)} small ${small}   production ${production}`);
  }
  const took = (performance.now() - start) / 1000;
  console.log(
    `cloud: all ${cloudLabIds.length} labs in both sizes: ${took.toFixed(1)} s, target 60 s`,
  );
}

/** Resources of a lab's stacks, and what an hour of it costs. */
function sum(lab: CloudLabId, size: Size, folder: string): string {
  const config = readConfig({ lab, size }, new Date());
  if (config.kind === 'problems') throw new Error(JSON.stringify(config.problems));
  const app = createDraft(join(folder, 'all'));
  addLab(app, config.value);
  const stacks = app.synth().stacks;
  const resources = stacks.reduce(
    (n, { template }) => n + Object.keys(template.Resources).length,
    0,
  );
  const templates = stacks.map(({ stackName, template }) => ({ name: stackName, body: template }));
  const { perHour, unknown } = costOf(templates, { day: new Date().toISOString().slice(0, 10) });
  const rest = unknown.length === 0 ? '' : ` and ${unknown.length} unknown`;
  return `${String(resources).padStart(3)} resources, ${perHour.toFixed(3)} USD/h${rest}`;
}

/** Median of some milliseconds, in seconds. */
const seconds = (times: readonly number[]): string =>
  `median ${((times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0) / 1000).toFixed(1)} s`;

main();
