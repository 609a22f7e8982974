import { balancersTable } from '../../../lib/dataplane/nft/load-balancers';
import { cidr, ip } from '../../../lib/model/address';
import type { LoadBalancer } from '../../../lib/model/world';
import { service, shop } from '../../build/model';

/** The rules of the only listener: TCP 80, to `shop/web`. */
function rulesOf(balancer: Partial<LoadBalancer>): readonly string[] {
  const web = service('shop/web', {
    type: 'LoadBalancer',
    ports: [
      {
        protocol: 'TCP',
        port: 80,
        backends: [{ address: ip('10.0.1.10'), port: 8080, ready: true }],
      },
    ],
    loadBalancer: {
      addresses: [ip('203.0.113.20')],
      targets: 'ip',
      scheme: 'internet-facing',
      preserveClientIp: false,
      zones: 'all',
      ...balancer,
    },
  });
  const { chains } = balancersTable({ ...shop, services: [web] });
  return chains.find(({ base }) => base === undefined)?.rules ?? [];
}

const ON = 'meta l4proto tcp dnat ip to numgen random mod 1 map { 0 : 10.0.1.10 . 8080 }';
const from = (blocks: string): string => `ip saddr != { ${blocks} } drop comment "source ranges"`;

// AWS Load Balancer Controller: load-balancer-source-ranges.
test.each<[string, Partial<LoadBalancer>, readonly string[]]>([
  ['open', {}, [ON]],
  ['internal', { scheme: 'internal' }, ['ip saddr @outside return', ON]],
  ['of some blocks', { sourceRanges: [cidr('192.0.2.0/24')] }, [from('192.0.2.0/24'), ON]],
  [
    'of IPv6 blocks alone: no IPv4 client',
    { sourceRanges: [cidr('2001:db8::/32')] },
    ['drop comment "source ranges"', ON],
  ],
  [
    'with groups of its own, which say it instead',
    { sourceRanges: [cidr('192.0.2.0/24')], securityGroups: ['own'] },
    [ON],
  ],
])('a load balancer that is %s', (_, balancer, rules) => {
  expect(rulesOf(balancer)).toEqual(rules);
});
