import { lint } from '../../lib/lint/lint';
import { ip } from '../../lib/model/address';
import type { Explanation } from '../../lib/model/explanation';
import { verdictAt } from '../../lib/model/matrix';
import type { World } from '../../lib/model/world';
import { createEngine } from '../../lib/reach/engine';
import { parseFlow, readFlows } from '../../lib/read/flows/flows';
import { readWorld } from '../../lib/read/world';

function worldOf(text: string, template?: string): World {
  const reading = readWorld({
    manifests: [{ path: 'm.yaml', text }],
    templates: template === undefined ? [] : [{ path: 'vpc.yaml', text: template }],
    addresses: 'unknown',
  });
  if (reading.kind === 'problems') throw new Error(JSON.stringify(reading.problems));
  return reading.value;
}

function ask(world: World, ...flows: readonly object[]): readonly Explanation[] {
  const text = flows.map((flow) => JSON.stringify(flow)).join('\n');
  const read = readFlows({ path: 'f', text }, world);
  if (read.kind === 'problems') throw new Error(JSON.stringify(read.problems));
  return [...createEngine(world, { staged: 'as-written' }).explainAll(read.value)];
}

const POD = (name: string, ip: string): string => `
apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: shop, labels: {app: ${name}}}
spec: {nodeName: node-a, containers: [{name: m, image: n, ports: [{containerPort: 80}]}]}
status: {podIP: ${ip}}
`;
const PODS = `${POD('web', '10.1.0.1')}---${POD('db', '10.1.0.2')}`;

describe('ends that no connection has', () => {
  const world = worldOf(
    `${PODS}---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {clusterIP: 10.96.0.20, selector: {app: web}, ports: [{port: 80}]}
---
apiVersion: networking.k8s.io/v1
kind: ServiceCIDR
metadata: {name: kubernetes}
spec: {cidrs: [10.96.0.0/16]}
`,
  );
  test.each([
    ['a Service as source', 'ip:10.96.0.20', 'shop/db', /address of a Service/],
    ['the Service block as source', 'ip:10.96.77.1', 'shop/db', /address of a Service/],
    ['loopback as source', 'ip:127.0.0.1', 'shop/db', /loopback/],
    ['loopback as target', 'shop/web', 'ip:127.0.0.1', /loopback/],
    ['IPv6 loopback', 'shop/web', 'ip:::1', /loopback/],
    ['multicast', 'shop/web', 'ip:224.0.0.251', /multicast/],
    ['IPv6 multicast', 'shop/web', 'ip:ff02::1', /multicast/],
    ['the unspecified address', 'ip:0.0.0.0', 'shop/db', /this host/],
    ['broadcast', 'shop/web', 'ip:255.255.255.255', /broadcast/],
    ['link-local as source', 'ip:169.254.169.254', 'shop/db', /link-local/],
  ])('%s has a reason, and costs no other flow its answer', (_, from, to, because) => {
    const [bad, good] = ask(
      world,
      { from, to, protocol: 'TCP', port: 80 },
      { from: 'shop/web', to: 'shop/db', protocol: 'TCP', port: 80 },
    );
    expect(bad?.verdict).toBe('no-route');
    expect(bad?.by[0]?.because).toMatch(because);
    expect(good?.verdict).toBe('allowed');
  });

  test.each([['169.254.169.254'], ['127.0.0.1'], ['10.96.0.20'], ['203.0.113.9']])(
    'a matrix says of %s what an explanation says',
    (address) => {
      const engine = createEngine(world, { staged: 'as-written' });
      const from = { kind: 'ip', address: ip(address) } as const;
      const to = { kind: 'pod', namespace: 'shop', name: 'db' } as const;
      const aim = { to, protocol: 'TCP', port: 80 } as const;
      const other = { kind: 'pod', namespace: 'shop', name: 'web' } as const;
      const matrix = engine.matrix({ sources: [other, from], targets: [aim] });
      expect(verdictAt(matrix, 1, 0)).toBe(engine.explain({ from, ...aim }).verdict);
      expect(verdictAt(matrix, 0, 0)).toBe('allowed');
    },
  );
});

describe('ICMP by type and code', () => {
  const policy = (icmp: string): World =>
    worldOf(`${PODS}---
apiVersion: projectcalico.org/v3
kind: NetworkPolicy
metadata: {name: p, namespace: shop}
spec: {selector: app == "db", types: [Ingress], ingress: [{action: Allow, protocol: ICMP, icmp: ${icmp}}]}
`);
  const flow = (message: object): object => ({
    from: 'shop/web',
    to: 'shop/db',
    protocol: 'ICMP',
    ...message,
  });
  test.each([
    ['{type: 8}', {}, 'allowed'],
    ['{type: 8}', { icmpType: 8 }, 'allowed'],
    ['{type: 8}', { icmpType: 13 }, 'denied'],
    ['{type: 3, code: 4}', { icmpType: 3, icmpCode: 4 }, 'allowed'],
    ['{type: 3, code: 4}', { icmpType: 3, icmpCode: 3 }, 'denied'],
    ['{type: 3}', { icmpType: 3, icmpCode: 1 }, 'allowed'],
  ])('a rule for %s and the message %j: %s', (icmp, message, verdict) => {
    const world = policy(icmp);
    expect(ask(world, flow(message))[0]?.verdict).toBe(verdict);
    const many = Array.from({ length: 20 }, () => flow(message));
    expect(ask(world, ...many).map((one) => one.verdict)).toEqual(many.map(() => verdict));
  });

  test('groups and ACLs of a VPC ask for type and code; an error message has no reply', () => {
    const template = (type: number, code: number): string => `
Resources:
  Vpc: {Type: "AWS::EC2::VPC", Properties: {CidrBlock: 10.0.0.0/16}}
  A: {Type: "AWS::EC2::Subnet", Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24, AvailabilityZone: eu-west-1a}}
  B: {Type: "AWS::EC2::Subnet", Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.2.0/24, AvailabilityZone: eu-west-1a}}
  Group: {Type: "AWS::EC2::SecurityGroup", Properties: {VpcId: !Ref Vpc, GroupDescription: g, SecurityGroupIngress: [{IpProtocol: icmp, FromPort: ${type}, ToPort: ${code}, CidrIp: 10.0.0.0/16}]}}
  Web: {Type: "AWS::EC2::Instance", Properties: {ImageId: ami-1, SubnetId: !Ref A, SecurityGroupIds: [!Ref Group], InstanceType: t3.small}}
  Db: {Type: "AWS::EC2::Instance", Properties: {ImageId: ami-1, SubnetId: !Ref B, SecurityGroupIds: [!Ref Group], InstanceType: t3.small}}
`;
    const verdict = (type: number, code: number, message: object): string | undefined =>
      ask(worldOf('', template(type, code)), {
        from: 'eni:Web',
        to: 'eni:Db',
        protocol: 'ICMP',
        ...message,
      })[0]?.verdict;
    expect(verdict(3, 4, { icmpType: 3, icmpCode: 4 })).toBe('allowed');
    expect(verdict(3, 4, { icmpType: 3, icmpCode: 1 })).toBe('denied');
    expect(verdict(3, 4, {})).toBe('denied');
    expect(verdict(8, -1, {})).toBe('allowed');
    expect(verdict(-1, -1, { icmpType: 11, icmpCode: 0 })).toBe('allowed');
  });

  test('words carry both, and a type with several codes needs one', () => {
    const world = worldOf(PODS);
    expect(parseFlow('shop/web', 'shop/db/ICMP:3:4', world)).toMatchObject({
      protocol: 'ICMP',
      icmp: { type: 3, code: 4 },
    });
    expect(parseFlow('shop/web', 'shop/db/icmp', world)).not.toHaveProperty('icmp');
    expect(parseFlow('shop/web', 'shop/db/icmp:3', world)).toMatchObject({
      problem: 'ICMP type 3 has several codes, and none is given',
    });
    expect(() => ask(world, flow({ icmpType: 300 }))).toThrow(/out of range/);
    expect(() => ask(world, { ...flow({ icmpType: 8 }), protocol: 'TCP', port: 80 })).toThrow(
      /no ICMP type/,
    );
  });
});

describe('NodeLocal DNSCache', () => {
  const cache = (localip: string): string => `
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: node-local-dns, namespace: kube-system}
spec:
  selector: {matchLabels: {k8s-app: node-local-dns}}
  template:
    metadata: {labels: {k8s-app: node-local-dns}}
    spec:
      hostNetwork: true
      containers: [{name: node-cache, image: k8s-dns-node-cache, args: ["-localip", "${localip}", "-conf", "/etc/Corefile"]}]
`;
  const DNS = `
apiVersion: v1
kind: Service
metadata: {name: kube-dns, namespace: kube-system}
spec: {clusterIP: 10.96.0.10, selector: {k8s-app: kube-dns}, ports: [{name: dns, port: 53, protocol: UDP}, {name: dns-tcp, port: 53, protocol: TCP}]}
---
apiVersion: v1
kind: Pod
metadata: {name: coredns, namespace: kube-system, labels: {k8s-app: kube-dns}}
spec: {nodeName: node-b, containers: [{name: m, image: n, ports: [{containerPort: 53, protocol: UDP}]}]}
status: {podIP: 10.1.9.9}
`;
  const egress = (block: string): string => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: dns, namespace: shop}
spec: {podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: ${block}}}], ports: [{port: 53, protocol: UDP}, {port: 53, protocol: TCP}]}]}
`;
  const world = (localip: string | undefined, block: string): World =>
    worldOf(
      [PODS, DNS, egress(block), ...(localip === undefined ? [] : [cache(localip)])].join(
        '\n---\n',
      ),
    );
  const dns = (to: string): object => ({ from: 'shop/web', to, protocol: 'UDP', port: 53 });
  const SERVICE = 'svc:kube-system/kube-dns';

  test.each([
    ['no cache, the address of kube-dns', undefined, '10.96.0.10/32', SERVICE, 'denied'],
    [
      'the cache has the address of kube-dns',
      '169.254.20.10,10.96.0.10',
      '10.96.0.10/32',
      SERVICE,
      'allowed',
    ],
    ['the same, another block', '169.254.20.10,10.96.0.10', '169.254.20.10/32', SERVICE, 'denied'],
    [
      'the link-local address',
      '169.254.20.10,10.96.0.10',
      '169.254.20.10/32',
      'ip:169.254.20.10',
      'allowed',
    ],
    ['without the address of kube-dns', '169.254.20.10', '10.96.0.10/32', SERVICE, 'denied'],
    [
      'the link-local address alone',
      '169.254.20.10',
      '169.254.20.10/32',
      'ip:169.254.20.10',
      'allowed',
    ],
    [
      'the link-local address, refused',
      '169.254.20.10',
      '10.0.0.0/8',
      'ip:169.254.20.10',
      'denied',
    ],
  ])('%s: %s %s to %s is %s', (_, localip, block, to, verdict) => {
    expect(ask(world(localip, block), dns(to))[0]?.verdict).toBe(verdict);
  });

  test.each([
    [
      'without a cache both are mistakes',
      undefined,
      '10.96.0.10/32',
      ['cluster-ip-in-policy', 'dns-cut'],
    ],
    ['the address of kube-dns', '169.254.20.10,10.96.0.10', '10.96.0.10/32', []],
    ['the link-local address', '169.254.20.10', '169.254.20.10/32', []],
    ['neither', '169.254.20.10,10.96.0.10', '192.168.0.0/16', ['dns-cut']],
  ])('lint: %s', (_, localip, block, codes) => {
    const errors = lint(world(localip, block)).filter(({ severity }) => severity === 'error');
    expect(errors.map(({ code }) => code).sort()).toEqual(codes);
  });
});

describe('host-network pods', () => {
  const world = worldOf(`${PODS}---
apiVersion: v1
kind: Pod
metadata: {name: edge, namespace: shop, labels: {app: edge}}
spec: {hostNetwork: true, nodeName: node-b, containers: [{name: c, image: x}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: from-edge, namespace: shop}
spec: {podSelector: {matchLabels: {app: db}}, ingress: [{from: [{podSelector: {matchLabels: {app: edge}}}]}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny-edge, namespace: shop}
spec: {podSelector: {matchLabels: {app: edge}}, policyTypes: [Ingress]}
`);
  test('lint says that policy sees the node', () => {
    const found = lint(world).map(({ code, why }) => `${code}: ${why}`);
    expect(found).toEqual(
      expect.arrayContaining([
        'peer-matches-nothing: it selects app=edge in namespace shop, and shop/edge has hostNetwork: policy sees the node, and no selector finds the pod',
        'policy-selects-nothing: it selects app=edge in namespace shop, and shop/edge has hostNetwork: policy sees the node, and no selector finds the pod',
      ]),
    );
    expect(found.join()).not.toContain('there is none');
  });
});
