import { resolverOf, serveDns } from '../../../lib/dataplane/servers/dns';
import { privateNames } from '../../../lib/dataplane/servers/dns-names';
import { recordsOf } from '../../../lib/dataplane/servers/dns-records';
import { ip } from '../../../lib/model/address';
import { pod, service, world } from '../../build/model';
import { mainVpc } from '../../build/peered-vpcs';

const backend = (address: string, ready = true) => ({ address: ip(address), port: 8080, ready });

const w = world({
  pods: [
    pod('shop/web', 'a', '10.0.1.10'),
    pod('shop/db-0', 'a', '10.0.1.11', { workload: 'StatefulSet/db' }),
    pod('kube-system/coredns', 'a', '10.0.1.12', { labels: { 'k8s-app': 'kube-dns' } }),
  ],
  outside: [
    { kind: 'outside', name: 'api.example.com', addresses: [ip('203.0.113.9')], ports: [] },
    { kind: 'outside', name: 'internet', addresses: [ip('203.0.113.10')], ports: [] },
  ],
  services: [
    service('shop/web', {
      clusterIps: [ip('172.20.0.5')],
      ports: [{ name: 'http', protocol: 'TCP', port: 80, backends: [backend('10.0.1.10')] }],
    }),
    service('shop/db', {
      headless: true,
      ports: [
        {
          name: 'pg',
          protocol: 'TCP',
          port: 5432,
          backends: [backend('10.0.1.11'), backend('10.0.1.99', false), backend('10.9.9.9')],
        },
      ],
    }),
    service('shop/half', {
      headless: true,
      endpoints: [
        { address: ip('10.9.9.7'), ready: true, ports: [{ protocol: 'TCP', port: 80 }] },
        { address: ip('10.9.9.8'), ready: true, ports: [] },
      ],
    }),
    service('shop/api', { type: 'ExternalName', externalName: 'api.example.com.' }),
    service('kube-system/kube-dns', { clusterIps: [ip('172.20.0.10')] }),
  ],
});

test.each`
  name                                       | type       | data
  ${'web.shop.svc.cluster.local'}            | ${'A'}     | ${['172.20.0.5']}
  ${'5.0.20.172.in-addr.arpa'}               | ${'PTR'}   | ${['web.shop.svc.cluster.local']}
  ${'_http._tcp.web.shop.svc.cluster.local'} | ${'SRV'}   | ${['0 100 80 web.shop.svc.cluster.local']}
  ${'db.shop.svc.cluster.local'}             | ${'A'}     | ${['10.0.1.11', '10.9.9.9']}
  ${'10-0-1-11.db.shop.svc.cluster.local'}   | ${'A'}     | ${['10.0.1.11']}
  ${'10-9-9-9.db.shop.svc.cluster.local'}    | ${'A'}     | ${['10.9.9.9']}
  ${'11.1.0.10.in-addr.arpa'}                | ${'PTR'}   | ${['10-0-1-11.db.shop.svc.cluster.local']}
  ${'_pg._tcp.db.shop.svc.cluster.local'}    | ${'SRV'}   | ${['0 50 8080 10-0-1-11.db.shop.svc.cluster.local', '0 50 8080 10-9-9-9.db.shop.svc.cluster.local']}
  ${'half.shop.svc.cluster.local'}           | ${'SRV'}   | ${['0 50 80 10-9-9-7.half.shop.svc.cluster.local']}
  ${'api.shop.svc.cluster.local'}            | ${'CNAME'} | ${['api.example.com']}
  ${'10-0-1-10.web.shop.svc.cluster.local'}  | ${'A'}     | ${['10.0.1.10']}
  ${'10.1.0.10.in-addr.arpa'}                | ${'PTR'}   | ${['10-0-1-10.web.shop.svc.cluster.local']}
  ${'dns-version.cluster.local'}             | ${'TXT'}   | ${['1.1.0']}
  ${'api.example.com'}                       | ${'A'}     | ${['203.0.113.9']}
  ${'internet'}                              | ${'A'}     | ${[]}
  ${'99.1.0.10.in-addr.arpa'}                | ${'PTR'}   | ${[]}
`('$name $type is $data', ({ name, type, data }) => {
  const found = recordsOf(w).filter((record) => record.name === name && record.type === type);
  expect(found.map((record) => record.data)).toEqual(data);
});

test('the servers are the pods labelled for it', () => {
  expect(serveDns(w)).toEqual([
    {
      kind: 'serve-dns',
      netns: 'pod/kube-system/coredns',
      records: recordsOf(w),
      authoritativeFor: ['cluster.local', 'in-addr.arpa', 'ip6.arpa'],
      cluster: { domain: 'cluster.local', namespaces: [] },
    },
  ]);
  expect(serveDns({ ...w, pods: w.pods.slice(0, 2) })).toEqual([]);
});

test('a pod asks the cluster first, its own namespace before others', () => {
  const [web] = w.pods;
  expect(web === undefined ? [] : resolverOf(w, web)).toEqual([
    {
      kind: 'set-resolver',
      netns: 'pod/shop/web',
      resolvConf:
        'search shop.svc.cluster.local svc.cluster.local cluster.local\nnameserver 172.20.0.10\noptions ndots:5\n',
    },
  ]);
});

test('the private name of an interface endpoint leads to its own interfaces alone', () => {
  const endpoint = (id: string, privateDns: boolean) => ({
    kind: 'interface' as const,
    id,
    service: `com.amazonaws.eu-west-1.${id}`,
    subnets: ['private-a'],
    securityGroups: [],
    privateDns,
  });
  const eni = (id: string, address: string) => ({
    id: `eni-${id}`,
    subnet: 'private-a',
    securityGroups: [],
    addresses: [ip(address)],
    prefixes: [],
    owner: { kind: 'vpc-endpoint' as const, id },
  });
  const records = privateNames({
    ...mainVpc,
    endpoints: [endpoint('ecr.api', true), endpoint('sts', true), endpoint('logs', false)],
    interfaces: [eni('ecr.api', '10.0.1.200'), eni('sts', '10.0.1.201'), eni('logs', '10.0.1.202')],
  });
  expect(records.map(({ name, data }) => [name, data])).toEqual([
    ['api.ecr.eu-west-1.amazonaws.com', '10.0.1.200'],
    ['sts.eu-west-1.amazonaws.com', '10.0.1.201'],
  ]);
});
