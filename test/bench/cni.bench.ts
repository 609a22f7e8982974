import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { readWorld } from '../../lib/read/world';
import { openSandbox, type Sandbox } from '../../lib/runtime/sandbox/sandbox';
import { bringUp } from '../../lib/targets/local/local';

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
    const make = [...names('a'), ...names('l')].map((name) => `ip netns add ${name}`);
    await sandbox.exec('node/node-a', ['sh', '-c', make.join(' && ')]);
    const own = { pools: ['10.244.0.0/24'], node: 'a', dataDir: '/run/lab-cni' };
    await compare(sandbox, [
      { name: 'stand-alone', prefix: 'a', network: { ipam: own } },
      { name: 'in a lab', prefix: 'l', network: { lab: socket } },
    ]);
  } finally {
    await sandbox.end();
    rmSync(folder, { recursive: true });
  }
}

interface Kind {
  readonly name: string;
  /** Of its containers' names. */
  readonly prefix: string;
  readonly network: object;
}

/** In turn, so that a machine that becomes busy is unfair to none of them. */
async function compare(sandbox: Sandbox, kinds: readonly Kind[]): Promise<void> {
  const node = async (): Promise<void> => {
    // What starting Node alone costs: no plugin in JavaScript can be faster.
    await sandbox.exec('node/node-a', [process.execPath, '-e', '0']);
  };
  for (const command of ['ADD', 'DEL']) {
    const times = new Map<string, number[]>();
    const note = async (what: string, work: () => Promise<void>) => {
      times.set(what, [...(times.get(what) ?? []), await time(work)]);
    };
    for (const n of Array.from({ length: PODS }, (_, i) => i)) {
      await note('node -e 0', node);
      for (const kind of kinds) {
        const what = `${kind.name}: ${command}, one after the other`;
        await note(what, () => call(sandbox, kind, { command, n }));
      }
    }
    for (const [what, all] of times) say(what, spread(all));
  }
  for (const kind of kinds) {
    const every = (command: string) =>
      Promise.all(names('').map((_, n) => call(sandbox, kind, { command, n })));
    const all = await time(() => every('ADD'));
    say(`${kind.name}: ${PODS} ADDs at once`, `${all.toFixed(0)} ms for all`);
    await every('DEL');
  }
}

async function call(
  sandbox: Sandbox,
  { prefix, network }: Kind,
  { command, n }: { readonly command: string; readonly n: number },
): Promise<void> {
  const id = `${prefix}${n}`;
  const env = [
    `CNI_COMMAND=${command}`,
    `CNI_CONTAINERID=${id}`,
    'CNI_IFNAME=eth0',
    `CNI_NETNS=/run/netns/${id}`,
    'CNI_ARGS=K8S_POD_NAMESPACE=shop;K8S_POD_NAME=crowd',
  ];
  const stdin = JSON.stringify({ cniVersion: '1.1.0', name: 'bench', type: 'lab-cni', ...network });
  const { code, stdout } = await sandbox.exec('node/node-a', ['env', ...env, PLUGIN], { stdin });
  if (code !== 0) throw new Error(stdout);
}

const names = (prefix: string): readonly string[] =>
  Array.from({ length: PODS }, (_, i) => `${prefix}${i}`);

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
