import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runAlone } from '../../lib/runtime/cni/alone';
import { inNamespace } from '../../lib/runtime/cni/netns';
import { survey } from '../../lib/runtime/kernel/survey';

/**
 * Random sequences of calls with faults, on a host of its own (a network and mount namespace). Prints one
 * line of JSON: how many sequences and calls ran, and what was violated. Arguments: count, seed, folder.
 */
interface Violation {
  readonly sequence: number;
  readonly step: string;
  readonly what: string;
}

const [count = 100, seed = 1] = process.argv.slice(2, 4).map(Number);
const folder = process.argv[4] ?? '';
const DATA = join(folder, 'data');
const NAMES = ['c0', 'c1', 'c2', 'c3'];
const POOLS = ['10.60.0.0/28', '10.61.0.0/27'];

let state = seed;
/** A small generator (mulberry32), so that a seed says everything. */
const random = (below: number): number => {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) % below;
};
const pick = <T>(items: readonly T[]): T => items[random(items.length)] as T;

const violations: Violation[] = [];
let calls = 0;
const answers: Record<string, number> = {};

/** What the runtime knows: the containers that were added, with their results. */
let living = new Map<string, object>();
let pool = POOLS[0] as string;
let wasLost = false;

interface Answer {
  readonly exitCode: number;
  readonly answer: {
    readonly code?: number;
    readonly ips?: readonly { readonly address: string }[];
  };
}

function call(command: string, name: string, more: object = {}): Answer {
  calls += 1;
  const env = {
    CNI_COMMAND: command,
    CNI_CONTAINERID: name,
    CNI_IFNAME: 'eth0',
    CNI_NETNS: `/run/netns/${name}`,
  };
  const config = {
    cniVersion: '1.1.0',
    name: 'net',
    type: 'lab-cni',
    ipam: { pools: [pool], node: 'a', blockPrefix: 29, dataDir: DATA },
    ...more,
  };
  const { exitCode, stdout } = runAlone(env, JSON.stringify(config), 'a');
  const answer = stdout === '' ? {} : JSON.parse(stdout);
  if (exitCode === 1 && typeof answer.code !== 'number') throw new Error(`no code: ${stdout}`);
  const key = `${command} ${exitCode === 0 ? 'ok' : answer.code}`;
  answers[key] = (answers[key] ?? 0) + 1;
  return { exitCode, answer };
}

const ip = (...argv: readonly string[]): void => void execFileSync('ip', argv, { stdio: 'pipe' });

function renew(name: string): void {
  if (existsSync(`/run/netns/${name}`)) ip('netns', 'del', name);
  ip('netns', 'add', name);
}

const addressesIn = (name: string): readonly string[] =>
  inNamespace(`/run/netns/${name}`, ({ inside }) =>
    inside(() => {
      const { links, addresses } = survey();
      const eth0 = links.find(({ device }) => device === 'eth0')?.index;
      return addresses
        .filter(({ index, address }) => index === eth0 && !address.startsWith('fe80'))
        .map(({ address }) => address);
    }),
  );

const STEPS: Readonly<Record<string, () => void>> = {
  add: () => {
    const name = pick(NAMES);
    const { exitCode, answer } = call('ADD', name);
    if (exitCode === 0) living.set(name, answer);
  },
  del: () => {
    const name = pick(NAMES);
    if (call('DEL', name).exitCode === 0) living.delete(name);
  },
  check: () => {
    const name = pick([...living.keys(), ...NAMES]);
    const prevResult = living.get(name) ?? {};
    const { exitCode } = call('CHECK', name, { prevResult });
    const isAlive = living.has(name) && !wasLost;
    if (isAlive && exitCode !== 0) fail('check', `${name} is alive and CHECK refuses it`);
    if (!living.has(name) && exitCode === 0) fail('check', `${name} is gone and CHECK agrees`);
  },
  gc: () => {
    const valid = [...living.keys()].map((containerID) => ({ containerID, ifname: 'eth0' }));
    const { exitCode } = call('GC', 'none', { 'cni.dev/valid-attachments': valid });
    if (exitCode !== 0) return;
    const held = Object.values(leases()).map(({ containerId }) => containerId);
    const stale = held.filter((name) => !living.has(name));
    if (stale.length > 0) fail('gc', `leases of ${stale} stay`);
  },
  status: () => void call('STATUS', 'none'),
  'another pool': () => {
    pool = pick(POOLS);
  },
  'namespace gone': () => {
    const name = pick(NAMES);
    ip('netns', 'del', name);
    living.delete(name);
    ip('netns', 'add', name);
  },
  'store lost': () => {
    wasLost = true;
    rmSync(join(DATA, 'net.json'), { force: true });
  },
  'store broken': () => {
    wasLost = true;
    mkdirSync(DATA, { recursive: true });
    const text = pick(['', '{', '[]', '{"blocks":1}', 'null']);
    try {
      writeFileSync(join(DATA, 'net.json'), text);
    } catch {
      // The disk is full: the file is empty now, which is broken as well.
    }
  },
  'disk full': () => {
    mkdirSync(DATA, { recursive: true });
    try {
      writeFileSync(join(DATA, 'ballast'), Buffer.alloc(4 * 1024 * 1024));
    } catch {
      // It is full now, which was the purpose.
    }
  },
  'disk free': () => rmSync(join(DATA, 'ballast'), { force: true }),
  killed: killedInTheMiddle,
};

/** The plugin as a process of its own, killed at a random moment of ADD or DEL. */
function killedInTheMiddle(): void {
  if (random(8) !== 0) return;
  const name = pick(NAMES);
  const command = pick(['ADD', 'DEL']);
  const line = 'timeout -s KILL "$AFTER" "$PLUGIN" < "$CONFIG" > /dev/null 2>&1; true';
  const config = '/run/config.json'; // beside the disk that a fault fills
  const ipam = { pools: [pool], node: 'a', blockPrefix: 29, dataDir: DATA };
  writeFileSync(config, JSON.stringify({ cniVersion: '1.1.0', name: 'net', ipam }));
  execFileSync('sh', ['-c', line], {
    env: {
      ...process.env,
      CNI_COMMAND: command,
      CNI_CONTAINERID: name,
      CNI_IFNAME: 'eth0',
      CNI_NETNS: `/run/netns/${name}`,
      AFTER: `0.${String(40 + random(120)).padStart(3, '0')}`,
      PLUGIN: join(__dirname, '../../bin/lab-cni'),
      CONFIG: config,
    },
  });
  // A runtime calls DEL after every failure, or it crashed as well: then GC must find what was left.
  if (command === 'DEL') living.delete(name);
  if (random(2) === 0 && call('DEL', name).exitCode === 0) living.delete(name);
}

const leases = (): Readonly<Record<string, { readonly containerId: string }>> => {
  try {
    return JSON.parse(readFileSync(join(DATA, 'net.json'), 'utf8')).holders;
  } catch {
    return {};
  }
};

let sequence = 0;
function fail(step: string, what: string): void {
  violations.push({ sequence, step, what });
}

/** The kernel is asked: who has an address, and does the host have its route? */
function judge(step: string): void {
  const seen = new Map<string, string>();
  for (const name of NAMES) {
    const [address] = addressesIn(name);
    if (address === undefined) {
      if (living.has(name)) fail(step, `${name} is alive and was cut`);
      continue;
    }
    const other = seen.get(address);
    if (other !== undefined) fail(step, `${address} is ${other}'s and ${name}'s`);
    seen.set(address, name);
  }
}

const started = Date.now();
for (sequence = 0; sequence < count; sequence += 1) {
  for (const name of NAMES) renew(name);
  rmSync(DATA, { recursive: true, force: true });
  living = new Map();
  pool = POOLS[0] as string;
  wasLost = false;
  for (let step = 0; step < 6 + random(8); step += 1) {
    const what = pick(random(3) > 0 ? ['add', 'add', 'del', 'check', 'gc'] : Object.keys(STEPS));
    try {
      STEPS[what]?.();
      judge(what);
    } catch (error) {
      fail(what, error instanceof Error ? error.message : String(error));
    }
  }
  rmSync(join(DATA, 'ballast'), { force: true });
  for (const name of NAMES) {
    if (call('DEL', name).exitCode !== 0) fail('end', `DEL of ${name} is refused`);
  }
  if (Object.keys(leases()).length > 0) fail('end', 'leases stay');
}
const left = existsSync('/sys/class/net')
  ? readdirSync('/sys/class/net').filter((name) => name.startsWith('lab'))
  : [];
console.log(
  JSON.stringify({ seed, count, calls, answers, left, violations, ms: Date.now() - started }),
);
