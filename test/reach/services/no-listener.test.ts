import { ip } from '../../../lib/model/address';
import { formatEnd } from '../../../lib/model/flow';
import type { World } from '../../../lib/model/world';
import { createEngine } from '../../../lib/reach/engine';
import { flow, namespace, node, pod, service } from '../../build/manifests';
import { tiny } from '../../build/tiny-vpc';
import { worldOf } from '../../build/world-of';

/**
 * A Service port that its load balancer does not have. Without a VPC the Service itself is the reason; in a
 * VPC the packet goes to the load balancer's address, where route tables and security groups decide.
 */
const ADDRESS = ip('10.0.2.99');
const labels = { app: 'web' };
const cluster = worldOf([
  namespace('shop'),
  node('a', '10.1.0.1'),
  pod('shop/web', { labels, node: 'a', ip: '10.0.0.10', ports: [8080] }),
  service('shop/web', {
    port: 80,
    selector: labels,
    ports: [{ name: 'http', port: 80, targetPort: 8080 }],
  }),
]);
const behindBalancer: World = {
  ...cluster,
  services: cluster.services.map((one) => ({
    ...one,
    type: 'LoadBalancer',
    loadBalancer: {
      addresses: [ADDRESS],
      targets: 'ip',
      scheme: 'internet-facing',
      preserveClientIp: false,
      zones: 'all',
    },
  })),
};
const inVpc: World = { ...behindBalancer, vpcs: tiny().vpcs };

test.each([
  ['a port by number, without a VPC', behindBalancer, 81, 'shop/web'],
  ['a port by name, without a VPC', behindBalancer, 'admin', 'shop/web'],
  ['a port by name, in a VPC', inVpc, 'admin', 'shop/web'],
  ['a port by number, in a VPC', inVpc, 81, 'internet'],
])('%s', (_, world, port, object) => {
  const asked = flow('internet', 'svc:shop/web', port);
  const { verdict, by } = createEngine(world, { staged: 'as-written' }).explain(asked);
  expect([formatEnd(asked.to), verdict, by.map((one) => one.object)]).toEqual([
    'svc:shop/web',
    'no-route',
    [object],
  ]);
});
