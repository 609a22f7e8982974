import { lint } from '../../lib/lint/lint';
import { cidr } from '../../lib/model/address';
import type { Finding } from '../../lib/model/finding';
import type { AclEntry, Vpc } from '../../lib/model/vpc';
import { lintText } from '../../lib/report/lint';
import { PLAIN } from '../../lib/report/palette';
import { worldOf } from '../build/reading';
import { DATABASE, FIRST_CALICO_LAB, SAME_NAMESPACE, THREE_TIERS } from './notes';

const short = ({ code, object, rule }: Finding): string =>
  [code, object, ...(rule === undefined ? [] : [`${rule.direction} ${rule.index}`])].join(' | ');

const found = (...texts: readonly string[]): readonly string[] =>
  lint(worldOf(...texts)).map(short);

describe('mistakes that learners make', () => {
  test.each`
    what                                                                               | text                | expected
    ${'the DNS rule looks at home, egress stays closed, a pod name is not a DNS name'} | ${FIRST_CALICO_LAB} | ${['dns-cut | NetworkPolicy (Calico) policy-test/allow-dns', 'other-namespace | NetworkPolicy (Calico) policy-test/allow-dns | egress 0', 'one-sided | NetworkPolicy (Calico) policy-test/allow-web | ingress 0', 'no-service | NetworkPolicy (Calico) policy-test/allow-web | ingress 0']}
    ${'a namespace label that nobody sets'}                                            | ${DATABASE}         | ${['dns-cut | NetworkPolicy default/db-network-policy', 'peer-matches-nothing | NetworkPolicy default/db-network-policy | egress 0']}
    ${'ingress opened, egress forgotten'}                                              | ${SAME_NAMESPACE}   | ${['dns-cut | NetworkPolicy production/default-deny-all', 'one-sided | NetworkPolicy production/allow-same-namespace | ingress 0']}
    ${'DNS over UDP alone'}                                                            | ${THREE_TIERS}      | ${['dns-udp-only | NetworkPolicy default/backend-policy']}
  `('$what', ({ text, expected }) => {
    expect(found(text)).toEqual(expected);
  });

  test('each says why, and what to write instead', () => {
    const text = lintText(lint(worldOf(FIRST_CALICO_LAB)), PLAIN);
    expect(text).toContain(
      `error other-namespace NetworkPolicy (Calico) policy-test/allow-dns, egress rule 0
  it selects k8s-app=kube-dns in namespace policy-test, and the only such pods are kube-system/coredns
  fix: add beside the selector: namespaceSelector: projectcalico.org/name == "kube-system"`,
    );
    expect(text.split('\n').at(-1)).toBe('3 errors, 1 note');
    expect(lintText([], PLAIN)).toBe('nothing to remark on');
  });
});

const pod = (name: string, namespace = 'shop') => `
apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: ${namespace}, labels: { app: ${name} } }
spec: { containers: [{ name: c, ports: [{ containerPort: 8080, name: http }] }] }`;

const service = (name: string) => `
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: shop }
spec: { selector: { app: ${name} }, ports: [{ port: 80, targetPort: http }] }`;

const policy = (spec: string, name = 'p') => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: ${name}, namespace: shop }
spec: ${spec}`;

const calico = (kind: string, spec: string, name = 'c') => `
apiVersion: projectcalico.org/v3
kind: ${kind}
metadata: { name: ${name}, namespace: shop }
spec: ${spec}`;

const ground = [pod('web'), pod('db'), pod('far', 'other'), service('web'), service('db')];
const from = (peer: string, ports = '{ port: 8080 }') =>
  policy(
    `{ podSelector: { matchLabels: { app: db } }, ingress: [{ from: [${peer}], ports: [${ports}] }] }`,
  );
const toDb = (rule: string) =>
  calico('NetworkPolicy', `{ selector: app == "db", ingress: [${rule}] }`);
const web = '{ podSelector: { matchLabels: { app: web } } }';

describe('one kind of mistake at a time', () => {
  test.each`
    code                        | texts
    ${'no finding'}             | ${[from(web)]}
    ${'policy-selects-nothing'} | ${[policy('{ podSelector: { matchLabels: { app: wbe } } }')]}
    ${'peer-matches-nothing'}   | ${[from('{ podSelector: { matchLabels: { app: wbe } } }')]}
    ${'peer-matches-nothing'}   | ${[toDb('{ action: Allow, source: { services: { name: gone } } }')]}
    ${'other-namespace'}        | ${[from('{ podSelector: { matchLabels: { app: far } } }')]}
    ${'other-namespace'}        | ${[toDb('{ action: Allow, source: { selector: app == "far" } }')]}
    ${'no finding'}             | ${[from('{ namespaceSelector: {}, podSelector: { matchLabels: { app: far } } }')]}
    ${'no finding'}             | ${[from('{ ipBlock: { cidr: 192.0.2.0/24 } }')]}
    ${'port-not-served'}        | ${[from(web, '{ port: 80 }')]}
    ${'port-not-served'}        | ${[from(web, '{ port: 8080, protocol: UDP }')]}
    ${'no finding'}             | ${[from(web, '{ port: 8000, endPort: 9000 }')]}
    ${'named-port-unknown'}     | ${[from(web, '{ port: htpp }')]}
    ${'named-port-unknown'}     | ${[from(web, '{ port: http, protocol: UDP }')]}
    ${'no finding'}             | ${[from(web, '{ port: http }')]}
    ${'port-range-whole'}       | ${[from(web, '{ port: 1, endPort: 65535 }')]}
    ${'port-zero'}              | ${[toDb('{ action: Deny, protocol: TCP, destination: { ports: [0] } }')]}
    ${'rule-unreachable'}       | ${[toDb('{ action: Allow }, { action: Deny, protocol: UDP }')]}
    ${'no finding'}             | ${[toDb('{ action: Log }, { action: Deny, protocol: UDP }, { action: Allow }')]}
    ${'redundant-block'}        | ${[toDb('{ action: Deny, source: { nets: [10.0.0.0/8, 10.1.0.0/16] } }')]}
    ${'cluster-ip-in-policy'}   | ${[policy('{ podSelector: { matchLabels: { app: web } }, egress: [{}], ingress: [{ from: [{ ipBlock: { cidr: 172.20.0.12/32 } }] }] }')]}
    ${'two-enforcers'}          | ${[toDb('{ action: Allow }'), 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: amazon-vpc-cni, namespace: kube-system }\ndata: { enable-network-policy-controller: "true" }']}
    ${'one-sided'}              | ${[from(web), policy('{ podSelector: { matchLabels: { app: web } }, policyTypes: [Egress], egress: [{ ports: [{ port: 53, protocol: UDP }, { port: 53 }] }] }', 'q')]}
    ${'policy-shadowed'}        | ${[calico('NetworkPolicy', '{ order: 5, selector: all(), ingress: [{ action: Allow }] }'), from(web)]}
    ${'policy-shadowed'}        | ${[calico('Tier', '{ order: 5 }', 'security'), calico('GlobalNetworkPolicy', '{ tier: security, selector: app == "db", ingress: [{ action: Deny, source: { nets: [192.0.2.0/24] } }] }'), from(web)]}
    ${'no finding'}             | ${[calico('Tier', '{ order: 5, defaultAction: Pass }', 'security'), calico('GlobalNetworkPolicy', '{ tier: security, selector: app == "db", ingress: [{ action: Deny, source: { nets: [192.0.2.0/24] } }] }'), from(web)]}
    ${'no finding'}             | ${[calico('Tier', '{ order: 5 }', 'security'), calico('GlobalNetworkPolicy', '{ tier: security, selector: app == "db", ingress: [{ action: Deny, source: { nets: [192.0.2.0/24] } }, { action: Pass }] }'), from(web)]}
  `('$code', ({ code, texts }) => {
    const codes = lint(worldOf(...ground, ...texts)).map((finding) => finding.code);
    // A tier that ends in a deny closes the clients' way too: that is told as well.
    expect(codes.filter((one) => code === 'one-sided' || one !== 'one-sided')).toEqual(
      code === 'no finding' ? [] : [code],
    );
  });

  test("policy sees the pod's port, and the finding says which it is", () => {
    const [finding] = lint(worldOf(...ground, from(web, '{ port: 80 }')));
    expect(finding).toEqual({
      code: 'port-not-served',
      severity: 'warning',
      object: 'NetworkPolicy shop/p',
      rule: { direction: 'ingress', index: 0 },
      why: "it names TCP port 80, and shop/db listens on TCP 8080: policy sees the pod's port, not the Service's",
      fix: 'write 8080',
    });
  });

  test('a staged policy that selects nothing is told, one that deletes is not', () => {
    const staged = (spec: string) => found(...ground, calico('StagedNetworkPolicy', spec));
    expect(staged('{ selector: app == "gone" }')).toEqual([
      'policy-selects-nothing | StagedNetworkPolicy shop/c',
    ]);
    expect(staged('{ stagedAction: Delete }')).toEqual([]);
  });
});

const entry = (number: number, first: number, last: number, action: 'allow' | 'deny' = 'allow') =>
  ({ number, action, protocol: 6, cidr: cidr('0.0.0.0/0'), ports: { first, last } }) as AclEntry;

const vpc = (
  ingress: readonly AclEntry[],
  egress: readonly AclEntry[],
  block = '10.0.0.0/16',
): Vpc => ({
  id: block,
  name: `vpc-${block}`,
  cidrs: [cidr(block)],
  subnets: [
    {
      id: 's',
      name: 's',
      zone: 'z',
      cidrs: [cidr(block)],
      routeTable: 'r',
      networkAcl: 'a',
      public: false,
    },
  ],
  routeTables: [],
  networkAcls: [{ id: 'a', name: 'acl-pods', ingress, egress }],
  securityGroups: [],
  interfaces: [],
  natGateways: [],
  endpoints: [],
  peerings: [],
  prefixLists: [],
});

describe('what a VPC gets wrong', () => {
  const inVpcs = (...vpcs: readonly Vpc[]) => lint({ ...worldOf(), vpcs }).map(short);
  test.each`
    ingress                           | egress                                                        | expected
    ${[entry(100, 443, 443)]}         | ${[entry(100, 1024, 65535)]}                                  | ${[]}
    ${[entry(100, 443, 443)]}         | ${[]}                                                         | ${['ingress 100']}
    ${[entry(100, 443, 443)]}         | ${[entry(100, 32768, 50000)]}                                 | ${['ingress 100']}
    ${[entry(100, 443, 443)]}         | ${[entry(90, 40000, 40000, 'deny'), entry(100, 1024, 65535)]} | ${['ingress 100']}
    ${[]}                             | ${[entry(100, 53, 53), entry(110, 443, 443)]}                 | ${['egress 100', 'egress 110']}
    ${[entry(100, 443, 443, 'deny')]} | ${[]}                                                         | ${[]}
    ${[entry(100, 1024, 65535)]}      | ${[]}                                                         | ${[]}
  `('$ingress.length in, $egress.length out: $expected', ({ ingress, egress, expected }) => {
    expect(inVpcs(vpc(ingress, egress))).toEqual(
      expected.map(
        (rule: string) => `acl-without-return | network ACL acl-pods of vpc-10.0.0.0/16 | ${rule}`,
      ),
    );
  });

  test('blocks that overlap', () => {
    expect(inVpcs(vpc([], []), vpc([], [], '10.0.128.0/17'), vpc([], [], '172.16.0.0/12'))).toEqual(
      ['cidr-overlap | VPC vpc-172.16.0.0/12', 'cidr-overlap | VPC vpc-10.0.128.0/17'],
    );
  });
});
