import { lint } from '../../../lib/lint/lint';
import type { CalicoMinor } from '../../../lib/model/calico-release';
import type { World } from '../../../lib/model/world';
import { createEngine } from '../../../lib/reach/engine';
import { parseFlow } from '../../../lib/read/flows/flows';
import { readWorld } from '../../../lib/read/world';
import { findLab } from '../../../lib/session/catalogue';
import { stageWorld } from '../../../lib/session/lab-world';

/** Calico 3.31 and 3.32 break ties of order differently (felix/calc/policy_sorter.go of both). */
const PODS = `
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {nodeName: node-a, containers: [{name: m, image: n}]}
---
apiVersion: v1
kind: Pod
metadata: {name: db, namespace: shop, labels: {app: db}}
spec: {nodeName: node-a, containers: [{name: m, image: n, ports: [{containerPort: 80}]}]}
`;
const policy = (kind: string, name: string, action: string, order = '10'): string => `---
apiVersion: projectcalico.org/v3
kind: ${kind}
metadata: {name: ${name}${kind.startsWith('Global') ? '' : ', namespace: shop'}}
spec: {order: ${order}, selector: app == "db", types: [Ingress], ingress: [{action: ${action}}]}
`;

function worldOf(text: string, calico?: CalicoMinor): World {
  const manifests = [{ path: 'm.yaml', text: `${PODS}${text}` }];
  const reading = readWorld({ manifests, ...(calico && { calico }) });
  if (reading.kind === 'problems') throw new Error(JSON.stringify(reading.problems));
  return reading.value;
}

function verdict(world: World): string {
  const flow = parseFlow('shop/web', 'shop/db:80', world);
  if ('problem' in flow) throw new Error(flow.problem);
  return createEngine(world, { staged: 'as-written' }).explain(flow).verdict;
}

describe('two policies of one order', () => {
  // 3.32 compares a/shop/... with b//...; 3.31 compares shop/default.a with default.b.
  const tie = `${policy('NetworkPolicy', 'a', 'Deny')}${policy('GlobalNetworkPolicy', 'b', 'Allow')}`;
  // 3.31: shop/default.a before shop/knp.default.b; 3.32 compares the names alone.
  const withKubernetes = `${policy('NetworkPolicy', 'z', 'Deny', '1000')}---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: b, namespace: shop}
spec: {podSelector: {}, ingress: [{}]}
`;
  test.each([
    ['a global one and one of a namespace', tie, '3.32', 'denied'],
    ['a global one and one of a namespace', tie, '3.31', 'allowed'],
    ['one of Calico and one of Kubernetes', withKubernetes, '3.32', 'allowed'],
    ['one of Calico and one of Kubernetes', withKubernetes, '3.31', 'denied'],
  ] as const)('%s, Calico %#', (_, text, release, expected) => {
    expect(verdict(worldOf(text, release))).toBe(expected);
  });

  test('lint says that releases differ', () => {
    const codes = (text: string): readonly string[] => lint(worldOf(text)).map(({ code }) => code);
    expect(codes(tie)).toContain('order-by-release');
    expect(codes(tie.replace('order: 10', 'order: 9'))).not.toContain('order-by-release');
    expect(codes(tie.replace('Deny', 'Allow'))).not.toContain('order-by-release');
  });

  test.each([
    [
      'the image of calico-node',
      'apps/v1\nkind: DaemonSet\nmetadata: {name: calico-node, namespace: calico-system}\nspec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: c, image: "quay.io/calico/node:v3.31.7"}]}}}\n',
    ],
    [
      'ClusterInformation',
      'crd.projectcalico.org/v1\nkind: ClusterInformation\nmetadata: {name: default}\nspec: {calicoVersion: v3.30.2}\n',
    ],
  ])('%s tells the release', (_, object) => {
    const world = worldOf(`${tie}---\napiVersion: ${object}`);
    expect([world.calico, verdict(world)]).toEqual(['3.31', 'allowed']);
  });
});

test('3.31 has no ClusterNetworkPolicy: the object decides nothing, with a remark', () => {
  const text = `---
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: deny}
spec: {tier: Admin, priority: 1, subject: {namespaces: {}}, ingress: [{action: Deny, from: [{namespaces: {}}]}]}
`;
  expect(verdict(worldOf(text, '3.32'))).toBe('denied');
  expect(verdict(worldOf(text, '3.31'))).toBe('allowed');
  const reading = readWorld({
    manifests: [{ path: 'm.yaml', text: `${PODS}${text}` }],
    calico: '3.31',
  });
  expect(reading).toMatchObject({
    warnings: [{ problem: expect.stringContaining('does not enforce ClusterNetworkPolicy') }],
  });
});

test('labs are judged by the release that they install', () => {
  const lab = findLab('calico-2-order');
  const [stage] = lab.stages;
  expect(stageWorld(lab, stage?.name ?? '').calico).toBe('3.31');
});

describe('lint of Calico', () => {
  const codes = (text: string): readonly string[] => lint(worldOf(text)).map(({ code }) => code);
  const icmp = (message: string): string => `---
apiVersion: projectcalico.org/v3
kind: NetworkPolicy
metadata: {name: p, namespace: shop}
spec: {selector: all(), types: [Ingress], ingress: [{action: Allow, protocol: ICMP, ${message}}, {action: Allow}]}
`;
  test('an ICMP type with a code ends Felix in nftables mode', () => {
    expect(codes(icmp('icmp: {type: 3, code: 4}'))).toContain('icmp-code-in-nftables');
    expect(codes(icmp('notICMP: {type: 3, code: 4}'))).toContain('icmp-code-in-nftables');
    expect(codes(icmp('icmp: {type: 3}'))).not.toContain('icmp-code-in-nftables');
  });

  test('replies of untracked flows pass host endpoints', () => {
    const host = `---
apiVersion: projectcalico.org/v3
kind: HostEndpoint
metadata: {name: h, labels: {host: "yes"}}
spec: {node: node-a, interfaceName: "*"}
---
apiVersion: projectcalico.org/v3
kind: GlobalNetworkPolicy
metadata: {name: raw}
spec: {selector: has(host), doNotTrack: true, applyOnForward: true, types: [Ingress], ingress: [{action: Allow}]}
`;
    expect(codes(host)).toContain('untracked-replies');
    expect(codes(host.replace('doNotTrack: true, ', ''))).not.toContain('untracked-replies');
  });

  test('a peer of namespaces also finds their network sets', () => {
    const set = (namespace: string): string => `---
apiVersion: projectcalico.org/v3
kind: NetworkSet
metadata: {name: partners, namespace: ${namespace}}
spec: {nets: [198.51.100.0/24]}
---
apiVersion: v1
kind: Namespace
metadata: {name: ${namespace}, labels: {team: ${namespace}}}
---
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: c}
spec: {tier: Admin, priority: 1, subject: {namespaces: {}}, ingress: [{action: Deny, from: [{namespaces: {matchLabels: {team: blue}}}]}]}
`;
    expect(codes(set('blue'))).toContain('network-set-as-namespace');
    expect(codes(set('green'))).not.toContain('network-set-as-namespace');
  });
});
