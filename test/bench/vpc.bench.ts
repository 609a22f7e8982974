import { cpus } from 'node:os';
import { verdictOf } from '../../lib/reach/hops/hop';
import { createFabric } from '../../lib/reach/vpc/fabric';
import { readTemplates } from '../../lib/read/cloudformation/templates';
import { productionTemplates, vpcWorld } from '../build/production-vpc';

/** The VPC: how long its templates take to read, and how many flows are judged there and back. */

const RUNS = 9;

function median(run: () => void): number {
  const times = Array.from({ length: RUNS }, () => {
    const start = process.hrtime.bigint();
    run();
    return Number(process.hrtime.bigint() - start) / 1e6;
  });
  return times.sort((a, b) => a - b)[Math.floor(RUNS / 2)] ?? Number.NaN;
}

const print = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

const templates = productionTemplates();
const world = vpcWorld(templates);
const fabric = createFabric(world);
if (fabric === undefined) throw new Error('the production world has no VPC');
const addresses = world.pods.flatMap((pod) => pod.addresses);
const ROUNDS = 50;

function mesh(): void {
  for (let round = 0; round < ROUNDS; round += 1)
    for (const source of addresses)
      for (const destination of addresses) {
        const crossing = fabric?.cross({ source, destination, protocol: 'TCP', port: 8080 });
        const { segment } = crossing ?? {};
        if (segment !== undefined && verdictOf(segment.forward) === 'allowed') segment.back();
      }
}

const kilobytes = Math.round(templates.reduce((sum, { text }) => sum + text.length, 0) / 1024);
const flows = ROUNDS * addresses.length ** 2;
const ms = median(mesh);
print(`VPC (${cpus().length} x ${cpus()[0]?.model ?? 'unknown'})`);
print(
  `  reading ${kilobytes} kB of templates     ${median(() => readTemplates(templates)).toFixed(1)} ms`,
);
print(`  flows judged there and back  ${Math.round(flows / (ms / 1000))}/s`);
