import { readWorld } from '../../lib/read/world';
import { file, problemsIn, worldOf } from '../build/reading';
import { deployment, pod, template, workload } from '../build/yaml';

const names = (...texts: readonly string[]) => worldOf(...texts).pods.map(({ name }) => name);

describe('which pods a workload makes', () => {
  test.each`
    what                                      | text                                                                                                                                                   | expected
    ${'replicas'}                             | ${deployment('web', 3)}                                                                                                                                | ${['web-0', 'web-1', 'web-2']}
    ${'none of 0 replicas'}                   | ${deployment('web', 0)}                                                                                                                                | ${[]}
    ${'one by default'}                       | ${workload('ReplicaSet', 'r', `{ selector: { matchLabels: { app: w } }, template: ${template('{ app: w }')} }`)}                                       | ${['r-0']}
    ${'a StatefulSet from its first ordinal'} | ${workload('StatefulSet', 's', `{ replicas: 2, ordinals: { start: 5 }, selector: { matchLabels: { app: w } }, template: ${template('{ app: w }')} }`)} | ${['s-5', 's-6']}
    ${'a DaemonSet on each node'}             | ${workload('DaemonSet', 'd', `{ selector: { matchLabels: { app: w } }, template: ${template('{ app: w }')} }`)}                                        | ${['d-0', 'd-1']}
    ${'a Job as many as run at once'}         | ${workload('Job', 'j', `{ parallelism: 3, completions: 2, template: ${template('{}', 'restartPolicy: Never,')} }`, 'batch/v1')}                        | ${['j-0', 'j-1']}
    ${'a CronJob those of one run'}           | ${workload('CronJob', 'c', `{ schedule: "* * * * *", jobTemplate: { spec: { template: ${template('{}', 'restartPolicy: Never,')} } } }`, 'batch/v1')}  | ${['c-0']}
    ${'no pod that has finished'}             | ${pod('done', '', '{ phase: Succeeded }')}                                                                                                             | ${[]}
  `('$what', ({ text, expected }) => {
    expect(names(text)).toEqual(expected);
  });

  test('a workload whose pods are written down too makes none of its own', () => {
    const owner = (kind: string, name: string) =>
      `, ownerReferences: [{ apiVersion: apps/v1, kind: ${kind}, name: ${name}, uid: x, controller: true }]`;
    const set = `
apiVersion: apps/v1
kind: ReplicaSet
metadata: { name: web-5d4, namespace: shop${owner('Deployment', 'web')} }
spec: { replicas: 2, selector: { matchLabels: { app: w } }, template: ${template('{ app: w }')} }`;
    const written = pod('web-5d4-abc', '', '{}', owner('ReplicaSet', 'web-5d4'));
    const world = worldOf(deployment('web', 2), set, written);
    expect(world.pods.map(({ name, workload: of }) => [name, of])).toEqual([
      ['web-5d4-abc', 'Deployment/web'],
    ]);
  });

  test('controllers add labels that policies may select', () => {
    const world = worldOf(
      workload(
        'StatefulSet',
        's',
        `{ selector: { matchLabels: { app: w } }, template: ${template('{ app: w }')} }`,
      ),
      workload('Job', 'j', `{ template: ${template('{}', 'restartPolicy: Never,')} }`, 'batch/v1'),
    );
    expect(world.pods.map(({ labels }) => labels)).toMatchObject([
      { 'batch.kubernetes.io/job-name': 'j', 'job-name': 'j' },
      { 'statefulset.kubernetes.io/pod-name': 's-0', 'apps.kubernetes.io/pod-index': '0' },
    ]);
  });
});

describe('labels as policies see them', () => {
  test('own, namespace, service account and identity', () => {
    const world = worldOf(
      pod('web', 'serviceAccountName: shopper,'),
      'apiVersion: v1\nkind: Namespace\nmetadata: { name: shop, labels: { team: red } }',
      'apiVersion: v1\nkind: ServiceAccount\nmetadata: { name: shopper, namespace: shop, labels: { role: buyer } }',
    );
    expect(world.pods[0]?.labels).toEqual({
      app: 'web',
      'pcns.team': 'red',
      'pcns.kubernetes.io/metadata.name': 'shop',
      'pcns.projectcalico.org/name': 'shop',
      'pcsa.role': 'buyer',
      'pcsa.projectcalico.org/name': 'shopper',
      'projectcalico.org/namespace': 'shop',
      'projectcalico.org/serviceaccount': 'shopper',
      'projectcalico.org/orchestrator': 'k8s',
    });
  });

  test('a namespace that is only used is there, with the label the API server adds', () => {
    expect(worldOf(pod('web')).namespaces).toEqual([
      { name: 'shop', labels: { 'kubernetes.io/metadata.name': 'shop' } },
    ]);
  });

  test('a host-network pod has none, and its node’s address', () => {
    const world = worldOf(pod('agent', 'hostNetwork: true, nodeName: n1,'));
    expect(world.pods[0]).toMatchObject({ labels: {}, node: 'n1', hostNetwork: true });
    expect(world.pods[0]?.addresses).toEqual(world.nodes[0]?.addresses);
  });
});

describe('addresses and nodes', () => {
  const texts = [
    deployment('web', 2),
    deployment('db', 1),
    pod('given', '', '{ podIP: 10.0.1.2 }'),
  ];
  const placesOf = (...order: readonly string[]) =>
    Object.fromEntries(
      worldOf(...order).pods.map(({ name, addresses, node }) => [name, [addresses[0], node]]),
    );

  test('the same for the same input, whatever the order of files; a given one is kept', () => {
    expect(placesOf(...texts)).toEqual({
      'db-0': ['10.0.1.1', 'node-a'],
      given: ['10.0.1.2', 'node-b'],
      'web-0': ['10.0.1.3', 'node-a'],
      'web-1': ['10.0.1.4', 'node-b'],
    });
    expect(placesOf(...texts.toReversed())).toEqual(placesOf(...texts));
  });

  test('a policy changes no address', () => {
    const policy = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: a, namespace: other }
spec: { podSelector: {} }`;
    expect(placesOf(...texts, policy)).toEqual(placesOf(...texts));
  });

  test('nodes as they are written, with their addresses; nodeSelector is followed', () => {
    const node = (name: string, address: string, labels = '{}') => `
apiVersion: v1
kind: Node
metadata: { name: ${name}, labels: ${labels} }
status: { addresses: [{ type: Hostname, address: ${name} }, { type: InternalIP, address: ${address} }] }`;
    const world = worldOf(
      node('n1', '192.168.0.1'),
      node('n2', '192.168.0.2', '{ disk: ssd }'),
      deployment('web', 3, 'nodeSelector: { disk: ssd },'),
    );
    expect(world.nodes.map(({ name, addresses }) => [name, addresses])).toEqual([
      ['n1', ['192.168.0.1']],
      ['n2', ['192.168.0.2']],
    ]);
    expect(world.pods.map((one) => one.node)).toEqual(['n2', 'n2', 'n2']);
  });

  test('two with one address, two of one name, one object twice', () => {
    const twice = `${pod('a', '', '{ podIP: 10.9.9.9 }')}\n---${pod('b', '', '{ podIP: 10.9.9.9 }')}`;
    const texts = [
      twice,
      deployment('a', 0),
      deployment('a', 0),
      pod('web-0'),
      deployment('web', 1),
    ];
    expect(problemsIn({ manifests: texts.map((text, i) => file(text, `${i}.yaml`)) })).toEqual([
      {
        path: 'metadata.name',
        problem: 'Deployment shop/a is written twice (first in 1.yaml)',
        fix: 'remove one of the two',
      },
      {
        path: 'status.podIP',
        problem: '10.9.9.9 is also the address of pod shop/a',
        fix: 'give each its own',
      },
      { path: '', problem: 'two pods are named shop/web-0 (also in 4.yaml)', fix: 'rename one' },
    ]);
  });
});

describe('what else manifests say', () => {
  test('security groups of pods, by pod labels or by service account labels', () => {
    const policy = (name: string, spec: string) => `
apiVersion: vpcresources.k8s.aws/v1beta1
kind: SecurityGroupPolicy
metadata: { name: ${name}, namespace: shop }
spec: ${spec}`;
    const world = worldOf(
      policy(
        'a',
        '{ podSelector: { matchLabels: { app: db } }, securityGroups: { groupIds: [sg-1, sg-2] } }',
      ),
      policy(
        'b',
        '{ serviceAccountSelector: { matchLabels: { r: x } }, securityGroups: { groupIds: [sg-2, sg-3] } }',
      ),
      'apiVersion: v1\nkind: ServiceAccount\nmetadata: { name: sa, namespace: shop, labels: { r: x } }',
      pod('db', 'serviceAccountName: sa,'),
      pod('web'),
    );
    expect(world.pods.map(({ name, securityGroups }) => [name, securityGroups])).toEqual([
      ['db', ['sg-1', 'sg-2', 'sg-3']],
      ['web', undefined],
    ]);
  });

  test('security groups by labels of a ServiceAccount that is not given are not known', () => {
    const byLabel = (namespace: string) => `
apiVersion: vpcresources.k8s.aws/v1beta1
kind: SecurityGroupPolicy
metadata: { name: b, namespace: ${namespace} }
spec: { serviceAccountSelector: { matchLabels: { r: x } }, securityGroups: { groupIds: [sg-2] } }`;
    const groups = (addresses: 'unknown' | undefined, ...texts: readonly string[]) => {
      const all = [...texts, pod('db', 'serviceAccountName: sa,')];
      const manifests = all.map((text, i) => file(text, `${i}.yaml`));
      const reading = readWorld({ manifests, ...(addresses && { addresses }) });
      if (reading.kind === 'problems') throw new Error(JSON.stringify(reading.problems));
      return reading.value.pods[0]?.securityGroups;
    };
    const account = (labels: string) =>
      `apiVersion: v1\nkind: ServiceAccount\nmetadata: { name: sa, namespace: shop, labels: ${labels} }`;
    expect(groups('unknown', byLabel('shop'))).toEqual([
      '? the groups of pods of ServiceAccount shop/sa, whose labels the input does not give (SecurityGroupPolicy shop/b may select it)',
    ]);
    expect(groups('unknown', byLabel('shop'), account('{ r: x }'))).toEqual(['sg-2']);
    expect(groups('unknown', byLabel('shop'), account('{ r: z }'))).toBeUndefined();
    expect(groups('unknown', byLabel('other'))).toBeUndefined();
    // What a lab's own stage does not write is not there.
    expect(groups(undefined, byLabel('shop'))).toBeUndefined();
  });

  test('what only the API server asks for is remarked on', () => {
    const reading = readWorld({
      manifests: [
        file('{ apiVersion: v1, kind: Pod, metadata: { name: a } }'),
        file('{ apiVersion: v1, kind: Pod, metadata: { name: b }, spec: { containers: [{}] } }'),
        file('{ apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: { name: p } }'),
      ],
    });
    expect(reading).toMatchObject({
      kind: 'read',
      value: {
        pods: [{ name: 'a' }, { name: 'b' }],
        policies: [{ ingress: [], egress: undefined }],
      },
      warnings: [
        { path: 'spec.containers', problem: 'the pod has no container' },
        { path: 'spec.containers', problem: 'a container has no name' },
      ],
    });
  });

  test('lists are unpacked, other kinds are counted, the storage form is remarked on', () => {
    const list = `apiVersion: v1
kind: List
items:
  - { apiVersion: v1, kind: ConfigMap, metadata: { name: c } }
  - { apiVersion: v1, kind: ConfigMap, metadata: { name: d } }
  - { apiVersion: crd.antrea.io/v1beta1, kind: NetworkPolicy, metadata: { name: a }, spec: { priority: 5 } }
  - { apiVersion: crd.projectcalico.org/v1, kind: GlobalNetworkPolicy, metadata: { name: g }, spec: {} }
---
apiVersion: v1
kind: PodList
items: [{ metadata: { name: p }, spec: { containers: [{ name: c }] } }]`;
    const reading = readWorld({ manifests: [file(list)] });
    expect(reading).toMatchObject({
      kind: 'read',
      skipped: { ConfigMap: 2, NetworkPolicy: 1 },
      warnings: [
        {
          document: 0,
          path: 'items[2].kind',
          problem:
            'NetworkPolicy of crd.antrea.io/v1beta1 is not judged here: what it allows or denies is left out',
        },
        { document: 0, path: 'items[3].apiVersion', fix: 'write projectcalico.org/v3' },
      ],
      value: { pods: [{ name: 'p' }], policies: [{ name: 'g' }] },
    });
  });

  test.each`
    text                                                                                                                           | path               | problem                                                     | fix
    ${'kind: Pod'}                                                                                                                 | ${'apiVersion'}    | ${'apiVersion is missing'}                                  | ${'add apiVersion, such as networking.k8s.io/v1'}
    ${'apiVersion: v1'}                                                                                                            | ${'kind'}          | ${'kind is missing'}                                        | ${'add kind, such as NetworkPolicy'}
    ${'- a'}                                                                                                                       | ${''}              | ${'the document is not a Kubernetes object'}                | ${'give it apiVersion, kind and metadata'}
    ${'{ apiVersion: apps/v1, kind: Deploymnet, metadata: { name: a } }'}                                                          | ${'kind'}          | ${"there is no kind 'Deploymnet' in apps/v1"}               | ${'write Deployment'}
    ${'{ apiVersion: v1, kind: NetworkPolicy, metadata: { name: a } }'}                                                            | ${'apiVersion'}    | ${"NetworkPolicy of version 'v1' is not known"}             | ${'write apiVersion: networking.k8s.io/v1 or projectcalico.org/v3 or crd.projectcalico.org/v1'}
    ${'{ apiVersion: v1, kind: Namespace, metadata: { name: a.b } }'}                                                              | ${'metadata.name'} | ${"'a.b' is no namespace name"}                             | ${'use at most 63 of a-z, 0-9 and -'}
    ${'{ apiVersion: v1, kind: Namespace, metadata: { nam: a } }'}                                                                 | ${'metadata.nam'}  | ${"there is no field 'nam' here"}                           | ${'write name'}
    ${workload('Deployment', 'd', `{ selector: { matchLabels: { a: b } }, template: ${template('{ a: c }')} }`)}                   | ${'spec.selector'} | ${'the selector does not match the labels of the template'} | ${'give spec.template.metadata.labels what the selector asks for'}
    ${workload('Deployment', 'd', `{ selector: { matchLabels: { app: w } }, replicas: -1, template: ${template('{ app: w }')} }`)} | ${'spec.replicas'} | ${'-1 is out of range'}                                     | ${'use a whole number from 0 to 2147483647'}
  `('$problem', ({ text, path, problem, fix }) => {
    const problems = problemsIn({ manifests: [file(text)] });
    expect(problems).toContainEqual({ path, problem, fix });
  });
});
