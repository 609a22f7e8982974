import { cpus, totalmem } from 'node:os';
import type { Protocol } from '../../lib/model/flow';
import { verdictAt } from '../../lib/model/matrix';
import type { World } from '../../lib/model/world';
import { createEngine } from '../../lib/reach/engine';
import { worldOf } from '../build/world-of';
import { manifests, vectorSteps } from '../reach/vectors';
import { allPairs, type Scale, scaleWorld } from './scale';

/** Engine speed: medians of several runs, with what they come to per second, and the machine. */

const RUNS = 9;

function median(run: () => void): number {
  const times = Array.from({ length: RUNS }, () => {
    const start = process.hrtime.bigint();
    run();
    return Number(process.hrtime.bigint() - start) / 1e6;
  });
  return times.sort((a, b) => a - b)[Math.floor(RUNS / 2)] ?? Number.NaN;
}

/** A fresh engine and every verdict read once; answers how many are allowed. */
function everyVerdict(world: World): number {
  const query = allPairs(world);
  const matrix = createEngine(world, { staged: 'as-written' }).matrix(query);
  let allowed = 0;
  for (let s = 0; s < query.sources.length; s++)
    for (let t = 0; t < query.targets.length; t++)
      if (verdictAt(matrix, s, t) === 'allowed') allowed += 1;
  return allowed;
}

const print = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

function pairs(scale: Scale): void {
  const world = scaleWorld(scale);
  const verdicts = world.pods.length ** 2;
  const allowed = everyVerdict(world);
  const ms = median(() => everyVerdict(world));
  const rate = (verdicts / ms / 1000).toFixed(2);
  const { namespaces, workloads, replicas, policies, selects } = scale;
  const what = `${namespaces} x ${workloads} x ${replicas} pods, ${policies} policies by ${selects}`;
  print(
    `  ${what.padEnd(44)} ${ms.toFixed(1).padStart(8)} ms  ${rate.padStart(8)} M verdicts/s  (${allowed} allowed)`,
  );
}

function groups(scale: Scale): void {
  const world = scaleWorld(scale);
  const query = allPairs(world);
  const before = process.memoryUsage().rss;
  const start = process.hrtime.bigint();
  const matrix = createEngine(world, { staged: 'as-written' }).matrix(query);
  const ms = Number(process.hrtime.bigint() - start) / 1e6;
  const rows = matrix.cells.length / matrix.columns;
  const megabytes = Math.round((process.memoryUsage().rss - before) / 2 ** 20);
  print(
    `  ${world.pods.length} pods, ${scale.policies} policies: ${ms.toFixed(0)} ms, ${rows} x ${matrix.columns} groups, ${megabytes} MB more, ${Math.round(process.memoryUsage().rss / 2 ** 20)} MB in all`,
  );
}

print(
  `${cpus()[0]?.model}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GB, node ${process.version}`,
);
print('all pairs, one port, engine included (median of 9)');
for (const policies of [10, 100, 300]) {
  const size = { namespaces: 10, workloads: 10, replicas: 3, policies };
  pairs({ ...size, selects: 'workload' });
  pairs({ ...size, selects: 'namespace' });
  pairs({ ...size, namespaces: 1, workloads: 60, replicas: 5, selects: 'namespace' });
  pairs({ ...size, namespaces: 1, workloads: 300, replicas: 1, selects: 'namespace' });
}
/** Explanations, trace and evidence included, one flow after another. */
function explanations(scale: Scale): void {
  const world = scaleWorld(scale);
  const { sources, targets } = allPairs(world);
  const flows = sources.flatMap((from) => targets.map((aim) => ({ from, ...aim })));
  const ms = median(() => {
    const engine = createEngine(world, { staged: 'as-written' });
    for (const flow of flows) engine.explain(flow);
  });
  const rate = Math.round(flows.length / ms);
  print(`  ${world.pods.length} pods, ${scale.policies} policies: ${rate} thousand explanations/s`);
}

print('explanations, one by one (median of 9)');
explanations({ namespaces: 5, workloads: 5, replicas: 4, policies: 50, selects: 'workload' });

print('the whole matrix by groups (one run)');
groups({ namespaces: 100, workloads: 10, replicas: 10, policies: 1000, selects: 'workload' });

const steps = vectorSteps();
const worlds = steps.map((step) => ({ step, world: worldOf(manifests(step)) }));
const verdicts = worlds.reduce(
  (sum, { step }) => sum + Object.keys(step.expect).length * step.pods.length ** 2,
  0,
);
const vectorMs = median(() => {
  for (const { step, world } of worlds) {
    const engine = createEngine(world, { staged: 'as-written' });
    for (const text of Object.keys(step.expect)) {
      const [protocol, port] = text.split('/');
      const { sources } = allPairs(world);
      const aim = { protocol: protocol as Protocol, port: Number(port) };
      engine.matrix({ sources, targets: sources.map((to) => ({ to, ...aim })) });
    }
  }
});
print(
  steps.length === 0
    ? 'networkpolicy.json is not here: its verdicts are not timed'
    : `networkpolicy.json, ${verdicts} verdicts in ${steps.length} clusters: ${vectorMs.toFixed(0)} ms (median of 9, reading not counted)`,
);
