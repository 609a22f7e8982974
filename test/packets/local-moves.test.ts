import { ip } from '../../lib/model/address';
import type { Flow } from '../../lib/model/flow';
import { openSandbox, type Sandbox } from '../../lib/runtime/sandbox/sandbox';
import { bringUp, type Local } from '../../lib/targets/local/local';
import { node, shop } from '../build/model';
import { describePackets } from './kernel';

const before = { ...shop, policies: [] };
/** A node more: the ground differs, so everything is built anew. */
const after = { ...before, nodes: [...before.nodes, node('c', '10.0.3.1')] };

const stranger = { kind: 'ip', address: ip('198.51.100.7') } as const;
const fromStranger: Flow = {
  from: stranger,
  to: { kind: 'pod', namespace: 'shop', name: 'api' },
  protocol: 'TCP',
  port: 80,
};

describePackets('a world that moves on', () => {
  let sandbox: Sandbox;
  beforeEach(async () => {
    sandbox = await openSandbox({ mode: 'tied' });
  });
  afterEach(() => sandbox.close());

  const outcome = async (local: Local) => (await local.observe([fromStranger], 'off'))[0]?.outcome;
  const devices = async () => (await sandbox.exec('node/a', ['ip', '-br', 'link'])).stdout;

  test('keeps the addresses that flows name, however much is built anew', async () => {
    const local = await bringUp(sandbox, before, { extraAddresses: [stranger.address] });
    expect(await outcome(local)).toBe('connected');
    await local.moveTo(after);
    expect(await outcome(local)).toBe('connected');
  });

  test('keeps its data path, until a stage travels another way', async () => {
    const local = await bringUp(sandbox, before, { datapath: 'calico-vxlan' });
    await local.moveTo(after);
    expect(await devices()).toContain('vxlan.calico');
    await local.moveTo(after, { datapath: 'host-gw' });
    expect(await devices()).not.toContain('vxlan.calico');
    expect((await sandbox.describe()).namespaces).toContain('node/c');
    await local.moveTo(after, { datapath: 'flannel-vxlan' });
    expect(await devices()).toContain('flannel.1');
  });
});
