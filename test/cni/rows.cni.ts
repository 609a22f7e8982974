import { openSandbox, type Sandbox } from '../../lib/runtime/sandbox/sandbox';
import { describePackets, missingPrograms } from '../packets/kernel';
import { type PluginHost, type PluginName, pluginHost } from './host';
import { ROWS } from './rows';

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
    const one = pluginHost(sandbox, netns, plugin);
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

  test.each(ROWS)('$what', async (row) => {
    const seen = {
      ours: await played('lab-cni', row),
      reference: row.reference === 'not asked' ? 'not asked' : await played('ptp', row),
    };
    expect(seen).toEqual({ ours: row.ours, reference: row.reference ?? row.ours });
    if (row.reference !== undefined) expect(row.why?.length).toBeGreaterThan(20);
  });
}, [
  ...missingPrograms('ip', 'bash'),
  ...(process.env.NO_REFERENCE_CNI === undefined ? [] : [process.env.NO_REFERENCE_CNI]),
]);
