import { join } from 'node:path';

import { planWorld } from '../dataplane/plan';
import type { Datapath } from '../model/datapath';
import { Failure, InputProblems } from '../model/problem';
import type { World } from '../model/world';
import { readWorld } from '../read/world';
import type { PathSpeed } from '../report/speed';
import type { Measured } from '../runtime/probes/speed-end';
import { openSandbox, type Sandbox } from '../runtime/sandbox/sandbox';
import { bringUp } from '../targets/local/local';

const DATAPATHS: readonly Datapath[] = ['vpc-cni', 'calico-vxlan', 'flannel-vxlan', 'host-gw'];

/** How much is sent: the whole takes some seconds, and no more. */
const ROUND_TRIPS = 300;
const STREAM_MS = 100;
const PORT = 8080;

/**
 * Measures every data path, each in a small world of its own. Twice: there and back, so that a
 * machine that becomes busy in between is unfair to none of them.
 *
 * @throws Failure `no-sandbox` where this machine cannot make one.
 */
export async function measurePaths(): Promise<readonly PathSpeed[]> {
  const sandboxes = new Map<Datapath, Sandbox>();
  try {
    for (const datapath of DATAPATHS) {
      const sandbox = await openSandbox({ mode: 'tied' });
      sandboxes.set(datapath, sandbox);
      await prepare(sandbox, datapath);
    }
    const all = new Map<Way, Measured[]>(WAYS.map((way) => [way, []]));
    for (const way of [...WAYS, ...[...WAYS].reverse()]) {
      const sandbox = sandboxes.get(way.datapath);
      if (sandbox !== undefined) all.get(way)?.push(await measure(sandbox, way.to));
    }
    return [...all].map(([way, measured]) => summary(way, measured));
  } finally {
    await Promise.all([...sandboxes.values()].map((sandbox) => sandbox.end()));
  }
}

/** From the pod `asks` to another, over a data path. */
interface Way {
  readonly path: PathSpeed['path'];
  readonly datapath: Datapath;
  readonly to: 'near' | 'far';
}

const WAYS: readonly Way[] = [
  { path: 'same-node', datapath: 'vpc-cni', to: 'near' },
  ...DATAPATHS.map((datapath): Way => ({ path: datapath, datapath, to: 'far' })),
];

const podText = (name: string, node: string): string =>
  `apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: speed }
spec: { nodeName: ${node}, containers: [{ name: c, image: x }] }
---
`;

function readPods(): World {
  const text = podText('asks', 'node-a') + podText('near', 'node-a') + podText('far', 'node-b');
  const reading = readWorld({ manifests: [{ path: 'speed.yaml', text }] });
  if (reading.kind === 'problems') throw new InputProblems(reading.problems);
  return reading.value;
}

const netns = (name: string): string => `pod/speed/${name}`;

/** An end of the measurement as a process, with its own copy of tsx. */
const endOf = (...words: readonly string[]): readonly string[] => [
  process.execPath,
  '--require',
  require.resolve('tsx/cjs'),
  join(__dirname, '..', 'runtime', 'probes', 'speed-end.ts'),
  ...words,
];

async function prepare(sandbox: Sandbox, datapath: Datapath): Promise<void> {
  await bringUp(sandbox, readPods(), { datapath });
  for (const name of ['near', 'far']) {
    // It ends with the sandbox, and so does this call.
    sandbox.exec(netns(name), endOf('serve', String(PORT))).catch(() => undefined);
  }
}

async function measure(sandbox: Sandbox, to: Way['to']): Promise<Measured> {
  const address = readPods().pods.find(({ name }) => name === to)?.addresses[0] ?? '';
  const words = ['ask', address, String(PORT), String(ROUND_TRIPS), String(STREAM_MS)];
  for (const deadline = performance.now() + PATIENCE_MS; ; ) {
    const { code, stdout, stderr } = await sandbox.exec(netns('asks'), endOf(...words), {
      timeoutMs: PATIENCE_MS,
    });
    if (code === 0 && stdout !== '') return JSON.parse(stdout) as Measured;
    if (performance.now() < deadline) continue;
    throw new Failure(
      'no-measurement',
      `nothing was measured: ${stderr.trim() || `it ended with ${code}`}`,
      'try again when the machine is less busy',
    );
  }
}

/** A server that was just started may not listen yet. */
const PATIENCE_MS = 20_000;

function summary({ path, datapath }: Way, measured: readonly Measured[]): PathSpeed {
  const times = measured.flatMap(({ roundTrips }) => roundTrips).sort((a, b) => a - b);
  const at = (share: number): number => times[Math.floor(share * (times.length - 1))] ?? 0;
  const streams = measured.flatMap((one) => one.streams);
  return {
    path,
    mtu: mtuOf(datapath),
    count: times.length,
    p50: at(0.5),
    p95: at(0.95),
    bitsPerSecond: Math.max(...streams.map(({ bytes, millis }) => (bytes * 8 * 1000) / millis)),
  };
}

/** Of the pod's cable, as the plan lays it. */
function mtuOf(datapath: Datapath): number {
  const cable = planWorld(readPods(), { datapath }).find(
    (command) =>
      command.kind === 'add-veth' &&
      [command.a.netns, command.b.netns].some((end) => end === netns('asks')),
  );
  return cable?.kind === 'add-veth' ? cable.mtu : 0;
}
