import { cidr, ip } from '../../../lib/model/address';
import { readWorld } from '../../../lib/read/world';
import { file, problemsIn, worldOf } from '../../build/reading';
import { pod, service, template, workload } from '../../build/yaml';

/**
 * What the API server of Kubernetes 1.35 accepts is read, and what it refuses is refused by place
 * (k8s.io/kubernetes pkg/apis: decoding, defaults and validation of each kind).
 */

const cron = (rest: string, meta = 'name: c') => `
apiVersion: batch/v1
kind: CronJob
metadata: { ${meta}, namespace: shop }
spec: ${rest}`;

const slice = (rest: string) => `
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { name: s, namespace: shop, labels: { kubernetes.io/service-name: s } }
${rest}`;

const policy = (spec: string) => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: p, namespace: shop }
spec: ${spec}`;

const ingress = (rules: string) => `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: i, namespace: shop }
spec: { ingressClassName: nginx, rules: ${rules} }`;

const job = template('{}', 'restartPolicy: Never,');

describe('valid is read', () => {
  test.each`
    what                                       | text
    ${'a slice of a Service without pods'}     | ${slice('addressType: IPv4\nendpoints: null\nports: null')}
    ${'a slice without endpoints'}             | ${slice('addressType: IPv4')}
    ${'empty texts of a Service'}              | ${service('s', '{ type: "", sessionAffinity: "", externalTrafficPolicy: "", externalName: "", ports: [{ port: 1, name: "", protocol: "", targetPort: "" }] }')}
    ${'a targetPort of 0'}                     | ${service('s', '{ ports: [{ port: 1, targetPort: 0, nodePort: 0 }] }')}
    ${'an empty node name'}                    | ${pod('p', 'nodeName: "", serviceAccountName: "",')}
    ${'an empty namespace'}                    | ${'apiVersion: v1\nkind: Namespace\nmetadata: { name: ns, namespace: "" }'}
    ${'null among the values of a selector'}   | ${policy('{ podSelector: { matchExpressions: [{ key: a, operator: In, values: [x, null] }] } }')}
    ${'an empty status'}                       | ${pod('p', '', '{ podIP: "", phase: "", podIPs: null }')}
    ${'a status that somebody redacted'}       | ${pod('p', '', '{ podIP: "***", phase: CrashLoopBackOff }')}
    ${'a node without addresses'}              | ${'apiVersion: v1\nkind: Node\nmetadata: { name: node-1 }\nstatus: { addresses: null }'}
    ${'a List without items'}                  | ${'apiVersion: v1\nkind: List\nitems: null'}
    ${'an unused externalName'}                | ${service('s', '{ externalName: Not_Used, ports: [{ port: 1 }] }')}
    ${'a whole DNS name'}                      | ${service('s', '{ type: ExternalName, externalName: db.example.com. }')}
    ${'what a template says of itself'}        | ${workload('Deployment', 'd', '{ selector: { matchLabels: { a: b } }, template: { metadata: { namespace: Any_Thing, ownerReferences: [{}], labels: { a: b } }, spec: { containers: [{ name: c }] } } }')}
    ${'ports of a slice outside of any range'} | ${slice('addressType: IPv4\nendpoints: []\nports: [{ port: 70000, name: a }, { port: -1, name: b }, null]')}
    ${'empty values of an Ingress'}            | ${ingress('[{ host: "", http: { paths: [{ pathType: Prefix, path: /, backend: { service: { name: s, port: { number: 0, name: http } } } }, { pathType: Prefix, path: /a, backend: { service: { name: s, port: { number: 80, name: "" } } } }] } }]')}
    ${'the label that the server overwrites'}  | ${'apiVersion: v1\nkind: Namespace\nmetadata: { name: ns, labels: { kubernetes.io/metadata.name: "-a" } }'}
  `('$what', ({ text }) => {
    expect(problemsIn({ manifests: [file(text)] })).toEqual([]);
  });

  test('a field of a newer Kubernetes is a remark, one near a known name a typing error', () => {
    const newer = readWorld({ manifests: [file(pod('p', 'evictionResponders: [],'))] });
    expect(newer).toMatchObject({
      kind: 'read',
      warnings: [{ path: 'spec.evictionResponders', problem: expect.stringContaining('newer') }],
    });
    expect(problemsIn({ manifests: [file(pod('p', 'hostNetwrok: true,'))] })).toMatchObject([
      { path: 'spec.hostNetwrok', fix: 'write hostNetwork' },
    ]);
  });

  test('a rule of a policy has no fields but those that are judged', () => {
    const spec = '{ podSelector: {}, ingress: [{ sourceZone: a }] }';
    expect(problemsIn({ manifests: [file(policy(spec))] })).toMatchObject([
      { path: 'spec.ingress[0].sourceZone' },
    ]);
  });

  test('an item that is null is an empty rule or port', () => {
    const text = policy('{ podSelector: {}, ingress: [null], egress: [{ ports: [null] }] }');
    const [read] = worldOf(text).policies;
    expect(read?.ingress).toMatchObject([{ action: 'allow', source: 'any', traffic: 'any' }]);
    expect(read?.egress).toMatchObject([
      { traffic: [{ protocol: 'TCP', destinationPorts: 'any' }] },
    ]);
  });

  test('objects of generateName get different names', () => {
    const made = pod('p').replace('name: p', 'generateName: run-');
    const { pods } = worldOf(made, made);
    expect(pods.map(({ name }) => name)).toEqual([
      expect.stringMatching(/^run-[a-z0-9]{5}$/),
      expect.stringMatching(/^run-[a-z0-9]{5}$/),
    ]);
    expect(pods[0]?.name).not.toBe(pods[1]?.name);
  });
});

describe('spellings of addresses, each with a remark', () => {
  test.each`
    written                  | block
    ${'010.0.0.0/8'}         | ${'10.0.0.0/8'}
    ${'10.0.0.0/08'}         | ${'10.0.0.0/8'}
    ${'10.0.0.5/24'}         | ${'10.0.0.0/24'}
    ${'::ffff:10.0.0.0/104'} | ${'10.0.0.0/8'}
    ${'2001:db8::7/64'}      | ${'2001:db8::/64'}
    ${'0010.00.0.009/032'}   | ${'10.0.0.9/32'}
  `('$written is $block', ({ written, block }) => {
    const text = policy(
      `{ podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: "${written}" } }] }] }`,
    );
    const reading = readWorld({ manifests: [file(text)] });
    expect(reading).toMatchObject({
      kind: 'read',
      value: { policies: [{ ingress: [{ source: [{ nets: [cidr(block)] }] }] }] },
      warnings: [{ path: 'spec.ingress[0].from[0].ipBlock.cidr', fix: `write ${block}` }],
    });
  });

  test.each([
    '10.0.0.0/33',
    '10.0.0.0',
    '10.0.0/8',
    '10.0.0.0/-1',
    '::/129',
    '10.0.0.0/8/8',
    'a/8',
    '256.0.0.0/8',
  ])('%s is no block', (written) => {
    const text = policy(
      `{ podSelector: {}, egress: [{ to: [{ ipBlock: { cidr: "${written}" } }] }] }`,
    );
    expect(problemsIn({ manifests: [file(text)] })).toMatchObject([
      { path: 'spec.egress[0].to[0].ipBlock.cidr' },
    ]);
  });

  test('a cluster address and source ranges', () => {
    const spec =
      '{ type: LoadBalancer, clusterIP: 172.20.000.050, loadBalancerSourceRanges: [" 010.0.0.0/8 "], ports: [{ port: 1 }] }';
    const [read] = worldOf(service('s', spec)).services;
    expect(read?.clusterIps).toEqual([ip('172.20.0.50')]);
    expect(read?.loadBalancer?.sourceRanges).toEqual([cidr('10.0.0.0/8')]);
  });
});

describe('invalid is refused by place', () => {
  test.each`
    path                                      | text
    ${'spec.clusterIP'}                       | ${service('s', '{ type: NodePort, clusterIP: None, ports: [{ port: 1 }] }')}
    ${'spec.clusterIP'}                       | ${service('s', '{ type: LoadBalancer, clusterIP: None, ports: [{ port: 1 }] }')}
    ${'spec.clusterIP'}                       | ${service('s', '{ type: ExternalName, externalName: a.b, clusterIP: 172.20.0.9 }')}
    ${'spec.ports[0].nodePort'}               | ${service('s', '{ ports: [{ port: 1, nodePort: 30001 }] }')}
    ${'spec.ports[0].nodePort'}               | ${service('s', '{ type: NodePort, ports: [{ port: 1, nodePort: 80 }] }')}
    ${'spec.ports[1].nodePort'}               | ${service('s', '{ type: NodePort, ports: [{ name: a, port: 1, nodePort: 30001 }, { name: b, port: 2, nodePort: 30001 }] }')}
    ${'spec.clusterIPs[0]'}                   | ${service('s', '{ clusterIP: 172.20.0.9, clusterIPs: [172.20.0.8], ports: [{ port: 1 }] }')}
    ${'spec.clusterIPs'}                      | ${service('s', '{ clusterIP: 172.20.0.9, clusterIPs: [172.20.0.9, 172.20.0.8], ports: [{ port: 1 }] }')}
    ${'spec.ipFamilies'}                      | ${service('s', '{ clusterIP: 172.20.0.9, ipFamilies: [IPv6], ports: [{ port: 1 }] }')}
    ${'spec.ipFamilies'}                      | ${service('s', '{ ipFamilies: [IPv6, IPv6], ports: [{ port: 1 }] }')}
    ${'spec.externalTrafficPolicy'}           | ${service('s', '{ externalTrafficPolicy: Local, ports: [{ port: 1 }] }')}
    ${'spec.loadBalancerSourceRanges'}        | ${service('s', '{ type: NodePort, loadBalancerSourceRanges: [10.0.0.0/8], ports: [{ port: 1 }] }')}
    ${'spec.loadBalancerClass'}               | ${service('s', '{ loadBalancerClass: a.b/c, ports: [{ port: 1 }] }')}
    ${'spec.healthCheckNodePort'}             | ${service('s', '{ type: NodePort, healthCheckNodePort: 30001, ports: [{ port: 1 }] }')}
    ${'spec.externalIPs[0]'}                  | ${service('s', '{ externalIPs: [127.0.0.1], ports: [{ port: 1 }] }')}
    ${'spec.externalIPs[0]'}                  | ${service('s', '{ externalIPs: [a], ports: [{ port: 1 }] }')}
    ${'spec.externalName'}                    | ${service('s', '{ type: ExternalName, externalName: "a..b" }')}
    ${'metadata.name'}                        | ${service('1web', '{ ports: [{ port: 1 }] }')}
    ${'metadata.name'}                        | ${service('web.v1', '{ ports: [{ port: 1 }] }')}
    ${'endpoints[0].addresses[0]'}            | ${slice('addressType: IPv4\nendpoints: [{ addresses: ["2001:db8::1"] }]')}
    ${'endpoints[0].addresses[0]'}            | ${slice('addressType: IPv4\nendpoints: [{ addresses: [169.254.1.1] }]')}
    ${'endpoints[0].addresses[0]'}            | ${slice('addressType: IPv6\nendpoints: [{ addresses: ["2001:DB8::1"] }]')}
    ${'endpoints[0].addresses'}               | ${slice('addressType: IPv4\nendpoints: [{ addresses: [] }]')}
    ${'endpoints[0].nodeName'}                | ${slice('addressType: IPv4\nendpoints: [{ addresses: [10.0.0.1], nodeName: A_B }]')}
    ${'ports[1]'}                             | ${slice('addressType: IPv4\nendpoints: []\nports: [{ port: 1 }, { port: 2 }]')}
    ${'spec.selector'}                        | ${workload('Deployment', 'd', `{ selector: {}, template: ${template('{}')} }`)}
    ${'spec.template'}                        | ${workload('ReplicaSet', 'r', '{ selector: { matchLabels: { a: b } } }')}
    ${'spec.template.spec.restartPolicy'}     | ${workload('DaemonSet', 'd', `{ selector: { matchLabels: { a: b } }, template: ${template('{ a: b }', 'restartPolicy: Never,')} }`)}
    ${'metadata.name'}                        | ${workload('StatefulSet', 'd.b', `{ selector: { matchLabels: { a: b } }, template: ${template('{ a: b }')} }`)}
    ${'spec.template.spec.restartPolicy'}     | ${workload('Job', 'j', `{ template: ${template('{}')} }`, 'batch/v1')}
    ${'spec.schedule'}                        | ${cron(`{ jobTemplate: { spec: { template: ${job} } } }`)}
    ${'metadata.name'}                        | ${cron(`{ schedule: "* * * * *", jobTemplate: { spec: { template: ${job} } } }`, `name: ${'c'.repeat(53)}`)}
    ${'spec.containers[0].ports[1].name'}     | ${pod('p').replace('{ name: c }', '{ name: c, ports: [{ name: a, containerPort: 1 }, { name: a, containerPort: 2 }] }')}
    ${'spec.containers[0].ports[0].hostPort'} | ${pod('p', 'hostNetwork: true,').replace('{ name: c }', '{ name: c, ports: [{ containerPort: 1, hostPort: 2 }] }')}
    ${'spec.containers[1].ports[0].hostPort'} | ${pod('p').replace('{ name: c }', '{ name: c, ports: [{ containerPort: 1, hostPort: 9 }] }, { name: d, ports: [{ containerPort: 2, hostPort: 9 }] }')}
    ${'spec.containers[1].name'}              | ${pod('p').replace('{ name: c }', '{ name: c }, { name: c }')}
    ${'spec.containers[0].name'}              | ${pod('p').replace('{ name: c }', '{ name: C }')}
  `('$path of $text', ({ path, text }) => {
    const problems = problemsIn({ manifests: [file(text)] });
    expect(problems.map((problem) => problem.path)).toEqual([path]);
    expect(problems[0]?.fix).toBeTruthy();
  });
});
