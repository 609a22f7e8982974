import { findEnvoy } from '../../../lib/runtime/servers/envoy';
import { describePackets } from '../kernel';
import { agree } from './agreement';

const missing = findEnvoy() === undefined ? ['envoy is not installed'] : [];

describePackets(
  'random routes, Ingresses and load balancer groups',
  () => {
    test('are served as predicted', async () => {
      const { differ, ...counted } = await agree([9001, 9002, 9003], 60);
      expect(differ).toEqual([]);
      expect(counted.requests).toBeGreaterThan(100);
      expect(counted.kinds.forwarded).toBeGreaterThan(30);
    });
  },
  missing,
);
