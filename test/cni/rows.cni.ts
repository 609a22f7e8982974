import { openSandbox, type Sandbox } from '../../lib/runtime/sandbox/sandbox';
import { describePackets, missingPrograms } from '../packets/kernel';
import { type PluginHost, type PluginName, pluginHost } from './host';
import { ROWS } from './rows/index';
import type { CniRow } from './rows/row';

/** Of a refusal the reference's code may be another: it has 999 for most. */
const withoutCodes = (outcomes: string): string => outcomes.replace(/code [\d?]+/g, 'code');

/**
 * The same calls through libcni, to our plugin and to the CNI project's ptp with host-local. Where the
 * two answer differently, the row says why ours is right.
 */
describePackets('held against the reference plugins', () => {
  let sandbox: Sandbox;
  let number = 0;
  beforeAll(async () => {
    sandbox = await openSandbox({ mode: 'tied' });
  });
  afterAll(() => sandbox.close());

  async function host(plugin: PluginName): Promise<PluginHost> {
    number += 1;
    const netns = `host-${number}`;
    await sandbox.run([{ kind: 'add-netns', netns }]);
    const one = pluginHost(sandbox, { netns, plugin, container: `a${number}` });
    await one.sh('ip link set lo up');
    return one;
  }

  /** Containers have names of their own on every host: they share one /run/netns. */
  async function played(plugin: PluginName, row: (typeof ROWS)[number]) {
    const one = await host(plugin);
    const names = ['a', 'b', 'c'].map((name) => `${name}${number}`);
    await one.sh(names.map((name) => `ip netns add ${name}`).join(' && '));
    try {
      return await row.play(one, names);
    } finally {
      await one.sh(names.map((name) => `ip netns del ${name}`).join('; '));
    }
  }

  test('each row has a name of its own, and a reason where the reference is not the same', () => {
    expect(new Set(ROWS.map(({ id }) => id)).size).toBe(ROWS.length);
    const reasons = ROWS.filter(({ reference }) => reference !== undefined).map(({ why }) => why);
    expect(reasons.filter((why) => (why ?? '').length < 20)).toEqual([]);
    const count = (is: (row: CniRow) => boolean) => ROWS.filter(is).length;
    const notes = count(({ note }) => note !== undefined);
    const unasked = count(({ reference }) => reference === 'not asked');
    const other = count(({ reference }) => reference !== undefined) - unasked;
    console.log(
      `${ROWS.length} rows, ${notes} of them notes: ${ROWS.length - unasked - other} as the reference, ${other} otherwise with a reason, ${unasked} not asked of it`,
    );
  });

  test.each(ROWS)('$id $what', async (row) => {
    const ours = await played('lab-cni', row);
    const reference = row.reference === 'not asked' ? 'not asked' : await played('ptp', row);
    expect({ ours, reference: withoutCodes(reference) }).toEqual({
      ours: row.ours,
      reference: withoutCodes(row.reference ?? row.ours),
    });
  });
}, [
  ...missingPrograms('ip', 'bash', 'iptables', 'nft', 'setpriv'),
  ...(process.env.NO_REFERENCE_CNI === undefined ? [] : [process.env.NO_REFERENCE_CNI]),
]);
