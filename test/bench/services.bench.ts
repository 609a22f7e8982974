import type { Command } from '../../lib/dataplane/commands/command';
import { ip } from '../../lib/model/address';
import { openSandbox, type Sandbox } from '../../lib/runtime/sandbox/sandbox';

/**
 * What the last of many Services costs a connection: as a list of rules, which is how kube-proxy's
 * iptables mode writes them, and as one verdict map, its nftables mode (lab k8s-3-kube-proxy).
 */
const HOST = 'host';
const BACKEND = ip('10.0.0.1');
const CONNECTIONS = 2_000;
/** Rules of one transaction: an unprivileged `nft -f` takes about 400. */
const CHUNK = 250;

type Shape = 'list' | 'map';

async function main(): Promise<void> {
  const base = await cost(0, 'list');
  say('no Service rules', base, base);
  for (const services of [10, 100, 1_000])
    for (const shape of ['list', 'map'] as const)
      say(
        `${services} Services as a ${shape}, the last one called`,
        await cost(services, shape),
        base,
      );
}

/** Microseconds for a connection in the best of nine rounds: what others do to the machine only adds. */
async function cost(services: number, shape: Shape): Promise<number> {
  const sandbox = await openSandbox({ mode: 'tied' });
  try {
    await sandbox.run(ground);
    for (const command of rulesFor(services, shape)) await sandbox.run([command]);
    const rounds: number[] = [];
    for (let round = 0; round < 9; round += 1) rounds.push(await connect(sandbox, services));
    return Math.min(...rounds);
  } finally {
    await sandbox.close();
  }
}

const ground: readonly Command[] = [
  { kind: 'add-netns', netns: HOST },
  { kind: 'set-link', netns: HOST, device: 'lo', state: 'up' },
  { kind: 'add-address', netns: HOST, device: 'lo', address: BACKEND, prefix: 32 },
  { kind: 'add-address', netns: HOST, device: 'lo', address: ip('10.96.0.0'), prefix: 16 },
  {
    kind: 'listen',
    netns: HOST,
    listeners: [{ protocol: 'TCP', port: 8080, banner: 'backend' }],
  },
];

const addressOf = (service: number): string =>
  `10.96.${Math.floor(service / 250)}.${(service % 250) + 1}`;

function rulesFor(services: number, shape: Shape): readonly Command[] {
  const load = (ruleset: string): Command => ({ kind: 'load-ruleset', netns: HOST, ruleset });
  const numbers = Array.from({ length: services }, (_, i) => i);
  const chunks = Array.from({ length: Math.ceil(services / CHUNK) }, (_, i) =>
    numbers.slice(i * CHUNK, (i + 1) * CHUNK),
  );
  const chain =
    'add table ip bench\nadd chain ip bench out { type nat hook output priority -100; }';
  if (shape === 'list') {
    return [
      load(chain),
      ...chunks.map((chunk) =>
        load(
          chunk
            .map(
              (n) =>
                `add rule ip bench out ip daddr ${addressOf(n)} tcp dport 80 dnat to ${BACKEND}:8080`,
            )
            .join('\n'),
        ),
      ),
    ];
  }
  return [
    load(
      [
        chain,
        'add map ip bench services { type ipv4_addr . inet_service : verdict; }',
        'add chain ip bench backend',
        `add rule ip bench backend meta l4proto tcp dnat to ${BACKEND}:8080`,
        'add rule ip bench out ip daddr . tcp dport vmap @services',
      ].join('\n'),
    ),
    ...chunks.map((chunk) =>
      load(
        `add element ip bench services { ${chunk.map((n) => `${addressOf(n)} . 80 : goto backend`).join(', ')} }`,
      ),
    ),
  ];
}

async function connect(sandbox: Sandbox, services: number): Promise<number> {
  const probe =
    services === 0
      ? { netns: HOST, destination: BACKEND, protocol: 'TCP' as const, port: 8080 }
      : {
          netns: HOST,
          destination: ip(addressOf(services - 1)),
          protocol: 'TCP' as const,
          port: 80,
        };
  const probes = Array.from({ length: CONNECTIONS }, () => probe);
  const start = performance.now();
  const seen = await sandbox.probe(probes, { timeoutMs: 2_000, trace: 'off' });
  const micros = ((performance.now() - start) * 1_000) / CONNECTIONS;
  const failed = seen.filter(({ outcome }) => outcome !== 'connected').length;
  if (failed > 0) throw new Error(`${failed} of ${CONNECTIONS} connections failed`);
  return micros;
}

const say = (what: string, micros: number, base: number): void =>
  console.log(
    `${what.padEnd(52)} ${micros.toFixed(0).padStart(6)} us a connection, ${(micros / base).toFixed(2)} x`,
  );

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
