import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { bringUp } from '../../lib/cli/local';
import { openSandbox, type Sandbox } from '../../lib/runtime/sandbox';
import { readWorld } from '../../lib/snapshot/world';

const PODS = 50;
const PLUGIN = resolve(__dirname, '../../bin/lab-cni');

/** What an ADD of the CNI plugin costs a runtime: where a lab answers, and where it stands alone. */
async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'lab-cni-'));
  const socket = join(folder, 'lab.sock');
  const sandbox = await openSandbox({
    mode: 'background',
    socket,
    expiresAt: Date.now() + 300_000,
  });
  try {
    await bringUp(sandbox, crowd());
    await sandbox.keep();
    const make = names().map((name) => `ip netns add ${name}`);
    await sandbox.exec('node/node-a', ['sh', '-c', make.join(' && ')]);
    await floor(sandbox);
    const own = { pools: ['10.244.0.0/24'], node: 'a', dataDir: '/run/lab-cni' };
    await both(sandbox, 'stand-alone', { ipam: own });
    await both(sandbox, 'in a lab', { lab: socket });
  } finally {
    await sandbox.end();
    rmSync(folder, { recursive: true });
  }
}

/** What starting Node alone costs: no plugin in JavaScript can be faster. */
async function floor(sandbox: Sandbox): Promise<void> {
  const times: number[] = [];
  for (const _ of names()) {
    times.push(
      await time(async () => {
        await sandbox.exec('node/node-a', [process.execPath, '-e', '0']);
      }),
    );
  }
  say('node -e 0', spread(times));
}

async function both(sandbox: Sandbox, name: string, network: object): Promise<void> {
  const one = async (command: string, id: string): Promise<number> => {
    const env = [
      `CNI_COMMAND=${command}`,
      `CNI_CONTAINERID=${id}`,
      'CNI_IFNAME=eth0',
      `CNI_NETNS=/run/netns/${id}`,
      'CNI_ARGS=K8S_POD_NAMESPACE=shop;K8S_POD_NAME=crowd',
    ];
    const stdin = JSON.stringify({
      cniVersion: '1.1.0',
      name: 'bench',
      type: 'lab-cni',
      ...network,
    });
    return time(async () => {
      const { code, stdout } = await sandbox.exec('node/node-a', ['env', ...env, PLUGIN], {
        stdin,
      });
      if (code !== 0) throw new Error(stdout);
    });
  };
  const [adds, dels]: [number[], number[]] = [[], []];
  for (const id of names()) adds.push(await one('ADD', id));
  for (const id of names()) dels.push(await one('DEL', id));
  say(`${name}: ADD, one after the other`, spread(adds));
  say(`${name}: DEL, one after the other`, spread(dels));
  const all = await time(() => Promise.all(names().map((id) => one('ADD', id))));
  say(`${name}: ${PODS} ADDs at once`, `${all.toFixed(0)} ms for all`);
  await Promise.all(names().map((id) => one('DEL', id)));
}

const names = (): readonly string[] => Array.from({ length: PODS }, (_, i) => `c${i}`);

function crowd() {
  const text = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: crowd, namespace: shop }
spec:
  replicas: ${PODS}
  selector: { matchLabels: { app: crowd } }
  template:
    metadata: { labels: { app: crowd } }
    spec: { nodeName: node-a, containers: [{ name: c, image: x, ports: [{ containerPort: 80 }] }] }
`;
  const reading = readWorld({ manifests: [{ path: 'crowd.yaml', text }] });
  if (reading.kind === 'problems') throw new Error(JSON.stringify(reading.problems));
  return reading.value;
}

async function time(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function spread(times: readonly number[]): string {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number) => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(0);
  return `p50 ${at(0.5)} ms, p95 ${at(0.95)} ms`;
}

const say = (what: string, result: string): void => console.log(`${what.padEnd(44)} ${result}`);

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
