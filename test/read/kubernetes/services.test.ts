import { familyOf } from '../../../lib/model/address';
import { file, problemsIn, worldOf } from '../../build/reading';
import { deployment, pod, service } from '../../build/yaml';

describe('services', () => {
  const pods = `${deployment('web', 2)}\n---${pod('sick', '', '{ phase: Running, conditions: [{ type: Ready, status: "False" }] }')}`;

  test('backends by selector, port name and readiness', () => {
    const world = worldOf(
      pods,
      service('all', '{ selector: { app: web }, ports: [{ port: 8080, targetPort: http }] }'),
      service('sick', '{ selector: { app: sick }, ports: [{ port: 80 }] }'),
      service('nameless', '{ selector: { app: sick }, ports: [{ port: 80, targetPort: http }] }'),
    );
    const backends = Object.fromEntries(world.services.map((s) => [s.name, s.ports[0]?.backends]));
    const [sick, web0, web1] = world.pods.map(({ addresses, node }) => ({
      address: addresses[0],
      node,
    }));
    expect(backends).toEqual({
      all: [
        { ...web0, port: 80, ready: true },
        { ...web1, port: 80, ready: true },
      ],
      sick: [{ ...sick, port: 80, ready: false }],
      nameless: [],
    });
  });

  // EndpointSlice controller: a pod with `hostname` and the Service as `subdomain` has a name.
  test.each([
    ['its own', 'hostname: first, subdomain: named,', { hostname: 'first' }],
    ['none of another Service', 'hostname: first, subdomain: other,', {}],
    ['none without a hostname', 'subdomain: named,', {}],
  ])('the name of an endpoint: %s', (_, spec, expected) => {
    const world = worldOf(
      pod('web', spec),
      service('named', '{ clusterIP: None, selector: { app: web }, ports: [{ port: 80 }] }'),
    );
    const named = world.services.find(({ name }) => name === 'named');
    const ports = [{ protocol: 'TCP', port: 80 }];
    expect(named?.endpoints).toStrictEqual([
      { address: world.pods[0]?.addresses[0], ready: true, ...expected, ports },
    ]);
  });

  test('cluster addresses: given, usual, or next', () => {
    const dns = `apiVersion: v1
kind: Service
metadata: { name: kube-dns, namespace: kube-system }
spec: { ports: [{ port: 53, protocol: UDP }] }`;
    const world = worldOf(
      dns,
      service('b', '{ ports: [{ port: 1 }] }'),
      service('a', '{ clusterIP: 172.20.0.11, ports: [{ port: 1 }] }'),
      service('h', '{ clusterIP: None, selector: { app: web } }'),
      service('e', '{ type: ExternalName, externalName: example.com }'),
    );
    expect(
      world.services.map(({ name, clusterIps, headless }) => [name, clusterIps, headless]),
    ).toEqual([
      ['kube-dns', ['172.20.0.10'], false],
      ['a', ['172.20.0.11'], false],
      ['b', ['172.20.0.12'], false],
      ['e', [], false],
      ['h', [], true],
    ]);
  });

  test.each([
    ['as the cluster', '{ ports: [{ port: 1 }] }', [4]],
    ['both required', '{ ipFamilyPolicy: RequireDualStack, ports: [{ port: 1 }] }', [4, 6]],
    [
      'both required, IPv6 first',
      '{ ipFamilyPolicy: RequireDualStack, ipFamilies: [IPv6], ports: [{ port: 1 }] }',
      [6, 4],
    ],
  ])('families of cluster addresses: %s', (_, spec, families) => {
    const [web] = worldOf(service('web', spec)).services;
    expect(web?.clusterIps.map(familyOf)).toEqual(families);
  });

  test('the block of cluster addresses is the one that holds those given', () => {
    const at = (ip: string) =>
      worldOf(service('a', `{ clusterIP: ${ip}, ports: [{ port: 1 }] }`)).serviceCidr;
    expect(at('10.96.0.5')).toEqual({ address: '10.96.0.0', prefix: 12 });
    expect(at('10.100.0.5')).toEqual({ address: '10.100.0.0', prefix: 16 });
    expect(at('172.20.3.4')).toEqual({ address: '172.20.0.0', prefix: 16 });
  });

  test('without a selector, what an EndpointSlice says', () => {
    const slice = `apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { name: s, namespace: shop, labels: { kubernetes.io/service-name: ext } }
addressType: IPv4
ports: [{ name: "", port: 5432 }]
endpoints: [{ addresses: [192.0.2.1] }, { addresses: [192.0.2.2], conditions: { ready: false }, nodeName: m }]`;
    expect(
      worldOf(slice, service('ext', '{ ports: [{ port: 5432 }] }')).services[0]?.ports[0]?.backends,
    ).toEqual([
      { address: '192.0.2.1', port: 5432, ready: true },
      { address: '192.0.2.2', port: 5432, ready: false, node: 'm' },
    ]);
  });

  test('node ports: given, or the next free', () => {
    const spec = (ports: string) => `{ type: NodePort, ports: [${ports}] }`;
    const world = worldOf(
      service('a', spec('{ port: 1, name: v }, { port: 2, name: w }')),
      service('b', spec('{ port: 1, nodePort: 30000 }')),
    );
    expect(world.services.map(({ ports }) => ports.map(({ nodePort }) => nodePort))).toEqual([
      [30001, 30002],
      [30000],
    ]);
  });

  test.each`
    annotations                                                                                                 | extra                                        | expected
    ${''}                                                                                                       | ${''}                                        | ${{ targets: 'instance', scheme: 'internal', preserveClientIp: true }}
    ${'type: external, nlb-target-type: ip'}                                                                    | ${''}                                        | ${{ targets: 'ip', scheme: 'internal', preserveClientIp: false }}
    ${'nlb-target-type: ip, scheme: internet-facing, target-group-attributes: preserve_client_ip.enabled=true'} | ${''}                                        | ${{ targets: 'ip', scheme: 'internet-facing', preserveClientIp: true }}
    ${'target-group-attributes: preserve_client_ip.enabled=false'}                                              | ${'loadBalancerClass: service.k8s.aws/nlb,'} | ${{ targets: 'instance', scheme: 'internal', preserveClientIp: false }}
    ${'type: nlb'}                                                                                              | ${''}                                        | ${{ targets: 'instance', scheme: 'internet-facing', preserveClientIp: true }}
    ${'scheme: internal'}                                                                                       | ${'loadBalancerClass: example.com/other,'}   | ${undefined}
  `('load balancer of $annotations $extra', ({ annotations, extra, expected }) => {
    const long = annotations.replace(
      /(^|, )(\w)/g,
      '$1service.beta.kubernetes.io/aws-load-balancer-$2',
    );
    const spec = `{ ${extra} type: LoadBalancer, ports: [{ port: 80 }] }`;
    const [read] = worldOf(service('lb', spec, `, annotations: { ${long} }`)).services;
    expect(read?.loadBalancer).toEqual(
      expected === undefined ? undefined : { addresses: ['10.0.0.200'], ...expected },
    );
  });

  test.each`
    spec                                                         | path                     | problem
    ${'{}'}                                                      | ${'spec.ports'}          | ${'the Service has no port'}
    ${'{ ports: [{ port: 1 }, { port: 2, name: b }] }'}          | ${'spec.ports[0].name'}  | ${'name is missing'}
    ${'{ ports: [{ port: 1, name: a }, { port: 2, name: a }] }'} | ${'spec.ports[1].name'}  | ${"two ports are named 'a'"}
    ${'{ ports: [{ port: 1, name: a }, { port: 1, name: b }] }'} | ${'spec.ports[1]'}       | ${'TCP 1 is written twice'}
    ${'{ type: ExternalName }'}                                  | ${'spec.externalName'}   | ${'externalName is missing'}
    ${'{ clusterIP: none, ports: [{ port: 1 }] }'}               | ${'spec.clusterIP'}      | ${"'none' is not an IP address"}
    ${'{ type: Loadbalancer, ports: [{ port: 1 }] }'}            | ${'spec.type'}           | ${"'Loadbalancer' must be one of ClusterIP, NodePort, LoadBalancer, ExternalName"}
    ${'{ ports: [{ port: 1 }], sessionAfinity: None }'}          | ${'spec.sessionAfinity'} | ${"there is no field 'sessionAfinity' here"}
  `('$spec is refused', ({ spec, path, problem }) => {
    expect(problemsIn({ manifests: [file(service('s', spec))] })).toEqual([
      { path, problem, fix: expect.any(String) },
    ]);
  });
});
