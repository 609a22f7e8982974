import { measurePaths } from '../../lib/proof/speed-paths';
import { speedText } from '../../lib/report/speed';
import { describePackets } from './kernel';

/** No figure is judged: a busy machine is slow, and that is what it shall say. */
describePackets('lab speed', () => {
  test('every data path is measured, twice, with the MTU that its pods have', async () => {
    const paths = await measurePaths();
    expect(paths.map(({ path, mtu, count }) => ({ path, mtu, count }))).toEqual([
      { path: 'same-node', mtu: 1500, count: 600 },
      { path: 'vpc-cni', mtu: 1500, count: 600 },
      { path: 'calico-vxlan', mtu: 1450, count: 600 },
      { path: 'flannel-vxlan', mtu: 1450, count: 600 },
      { path: 'host-gw', mtu: 1500, count: 600 },
    ]);
    for (const { p50, p95, bitsPerSecond } of paths) {
      expect(p50).toBeGreaterThan(0);
      expect(p95).toBeGreaterThanOrEqual(p50);
      expect(bitsPerSecond).toBeGreaterThan(0);
      expect(Number.isFinite(bitsPerSecond)).toBe(true);
    }
    const [head = '', ...rows] = speedText(paths, { cores: 2, load: 0 }).split('\n');
    expect(head).toMatch(/^data path +between nodes +pod MTU +p50 +p95 +throughput$/);
    expect(rows.slice(0, 5).map((row) => row.length)).toEqual(Array(5).fill(head.length));
  });
});
