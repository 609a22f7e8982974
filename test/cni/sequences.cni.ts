import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SEARCH_PATH } from '../../lib/runtime/kernel/spawn';
import { describePackets, missingPrograms } from '../packets/kernel';

const COUNT = process.env.CNI_SEQUENCES ?? '200';
const SEED = process.env.CNI_SEED ?? String(Math.floor(Math.random() * 1_000_000));

/** Its mounts are its own: /run for namespaces, and a small disk that a fault fills. */
const HOST = `mount -t tmpfs tmpfs /run && mkdir -p /run/netns "$0/disk" &&
mount -t tmpfs -o size=1m tmpfs "$0/disk" && ip link set lo up &&
exec "$NODE" --require "$TSX" "$PROGRAM" "$COUNT" "$SEED" "$0/disk"`;

/** One of each sort, so that a rare one is seen beside a frequent one. */
const distinct = (violations: readonly { readonly step: string; readonly what: string }[]) => [
  ...new Map(
    violations.map((one) => [`${one.step} ${one.what.replace(/c\d|[\d.]+/g, '')}`, one]),
  ).values(),
];

describePackets('random sequences of calls with faults', () => {
  test(`${COUNT} of them, seed ${SEED}: nothing shared, nothing left, no living container cut`, () => {
    const folder = mkdtempSync(join(tmpdir(), 'lab-sequences-'));
    try {
      const out = execFileSync('unshare', ['--net', '--mount', 'sh', '-c', HOST, folder], {
        encoding: 'utf8',
        env: {
          ...process.env,
          PATH: SEARCH_PATH,
          NODE: process.execPath,
          TSX: require.resolve('tsx/cjs'),
          PROGRAM: join(__dirname, 'sequences.ts'),
          COUNT,
          SEED,
        },
      });
      const { violations, left, calls, answers, ms } = JSON.parse(out);
      console.log(`${calls} calls in ${Math.round(ms / 1000)} s: ${JSON.stringify(answers)}`);
      expect({ violations: distinct(violations), left }).toEqual({ violations: [], left: [] });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }, 3_600_000);
}, [
  ...missingPrograms('ip'),
  ...(process.getuid?.() === 0 ? [] : ['it needs root: mounts and namespaces of its own']),
]);
