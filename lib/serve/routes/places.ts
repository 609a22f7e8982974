import { Failure } from '../../model/problem';
import type { World } from '../../model/world';
import { sessionOf, withAttachedLab } from '../../session/local/open';
import { withPlace } from '../../session/local/place';
import { machinesOf } from '../../targets/machines/bring-up';
import type { KernelView, PlaceListed } from '../api/shapes';

/** Where a terminal or a capture may open in a lab that is up. */
export const placesOf = (lab: string): Promise<readonly PlaceListed[]> =>
  withAttachedLab(lab, async (attached) => {
    const { lab: found, sandbox } = attached;
    if (found.environment.kind !== 'linux') return placesIn(sessionOf(attached).local.world());
    const [first] = machinesOf(found).machines;
    const { namespaces } = await sandbox.describe();
    // What a learner made by `ip netns add` is a machine too.
    const listed = await sandbox.exec(first?.name ?? '', ['ip', 'netns', 'list'], PATIENCE);
    const made = listed.stdout.split('\n').map((line) => line.split(' ')[0] ?? '');
    const names = new Set([...namespaces, ...made].filter((name) => name !== ''));
    return [...names].map((name) => ({ name, kind: 'machine' }));
  });

const placesIn = ({ pods, nodes, outside }: World): readonly PlaceListed[] => [
  ...pods.map(({ namespace, name }) => ({ name: `${namespace}/${name}`, kind: 'pod' as const })),
  ...nodes.map(({ name }) => ({ name, kind: 'node' as const })),
  ...outside.map(({ name }) => ({ name, kind: 'outside' as const })),
];

const PATIENCE = { timeoutMs: 5000 } as const;

/** What the kernel has in one place of a lab now; commands that only read. */
export const kernelOf = (lab: string, place: string): Promise<KernelView> =>
  withPlace({ name: place, lab }, async ({ sandbox, netns }) => {
    const read = async (argv: readonly string[]): Promise<string> => {
      const { code, stdout, stderr } = await sandbox.exec(netns, argv, PATIENCE);
      if (code === 0) return stdout;
      const problem = `'${argv.join(' ')}' in ${place} ended with ${code}: ${stderr.trim()}`;
      throw new Failure('not-readable', problem, 'run lab doctor to see what this machine lacks');
    };
    const rows = async (...argv: readonly string[]): Promise<readonly unknown[]> => {
      const text = (await read(['ip', '-j', ...argv])).trim();
      const value: unknown = JSON.parse(text === '' ? '[]' : text);
      return Array.isArray(value) ? value.filter(isRow) : [];
    };
    const [links, four, six, neighbours, rules] = await Promise.all([
      rows('-d', 'address', 'show'),
      rows('-4', 'route', 'show', 'table', 'all'),
      rows('-6', 'route', 'show', 'table', 'all'),
      rows('neighbour', 'show'),
      read(['nft', 'list', 'ruleset']),
    ]);
    return { place, links, routes: [...four, ...six], neighbours, rules };
  });

/** iproute2 prints an empty object for a row that its filter left out. */
const isRow = (row: unknown): boolean =>
  typeof row === 'object' && row !== null && Object.keys(row).length > 0;
