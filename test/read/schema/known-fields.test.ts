import { execFileSync } from 'node:child_process';
import { file, problemsIn } from '../../build/reading';

const MODELS = [
  'DiscoveryV1EndpointPort',
  'V1Container',
  'V1ContainerPort',
  'V1CronJobSpec',
  'V1DaemonSetSpec',
  'V1DeploymentSpec',
  'V1Endpoint',
  'V1EndpointSlice',
  'V1HTTPIngressPath',
  'V1IPBlock',
  'V1IngressRule',
  'V1IngressServiceBackend',
  'V1IngressSpec',
  'V1JobSpec',
  'V1JobTemplateSpec',
  'V1Namespace',
  'V1NetworkPolicyEgressRule',
  'V1NetworkPolicyPeer',
  'V1NetworkPolicyPort',
  'V1NetworkPolicySpec',
  'V1Node',
  'V1ObjectMeta',
  'V1PodSpec',
  'V1PodStatus',
  'V1ReplicaSetSpec',
  'V1ServiceAccount',
  'V1ServicePort',
  'V1ServiceSpec',
  'V1StatefulSetSpec',
] as const;

type Model = (typeof MODELS)[number];

/** The client is an ES module, which Jest does not load: a process of its own lists the fields. */
const script = `
const fields = {};
for (const name of ${JSON.stringify(MODELS)}) {
  const models = await import('@kubernetes/client-node/dist/gen/models/' + name + '.js');
  fields[name] = models[name].getAttributeTypeMap().map(({ baseName }) => baseName);
}
console.log(JSON.stringify(fields));`;
const fields: Record<Model, readonly string[]> = JSON.parse(
  execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' }),
);

/** An object with every field that Kubernetes' own client knows, each without a value. */
const everyField = (model: Model): Record<string, unknown> =>
  Object.fromEntries(fields[model].map((name) => [name, null]));

const pod = {
  ...everyField('V1PodSpec'),
  containers: [{ ...everyField('V1Container'), ports: [everyField('V1ContainerPort')] }],
};
const template = { metadata: everyField('V1ObjectMeta'), spec: pod };
const workload = (model: Model) => ({ ...everyField(model), template });
const job = workload('V1JobSpec');

test.each([
  ['v1', 'Pod', { spec: pod, status: everyField('V1PodStatus') }],
  ['apps/v1', 'Deployment', { spec: workload('V1DeploymentSpec') }],
  ['apps/v1', 'StatefulSet', { spec: workload('V1StatefulSetSpec') }],
  ['apps/v1', 'DaemonSet', { spec: workload('V1DaemonSetSpec') }],
  ['apps/v1', 'ReplicaSet', { spec: workload('V1ReplicaSetSpec') }],
  ['batch/v1', 'Job', { spec: job }],
  [
    'batch/v1',
    'CronJob',
    {
      spec: {
        ...everyField('V1CronJobSpec'),
        jobTemplate: { ...everyField('V1JobTemplateSpec'), spec: job },
      },
    },
  ],
  [
    'v1',
    'Service',
    { spec: { ...everyField('V1ServiceSpec'), ports: [everyField('V1ServicePort')] } },
  ],
  [
    'discovery.k8s.io/v1',
    'EndpointSlice',
    {
      ...everyField('V1EndpointSlice'),
      endpoints: [everyField('V1Endpoint')],
      ports: [everyField('DiscoveryV1EndpointPort')],
    },
  ],
  ['v1', 'Namespace', everyField('V1Namespace')],
  ['v1', 'ServiceAccount', everyField('V1ServiceAccount')],
  ['v1', 'Node', everyField('V1Node')],
  [
    'networking.k8s.io/v1',
    'NetworkPolicy',
    {
      spec: {
        ...everyField('V1NetworkPolicySpec'),
        ingress: [
          {
            from: [{ ...everyField('V1NetworkPolicyPeer'), ipBlock: everyField('V1IPBlock') }],
            ports: [everyField('V1NetworkPolicyPort')],
          },
        ],
        egress: [everyField('V1NetworkPolicyEgressRule')],
      },
    },
  ],
  [
    'networking.k8s.io/v1',
    'Ingress',
    {
      spec: {
        ...everyField('V1IngressSpec'),
        defaultBackend: { service: everyField('V1IngressServiceBackend'), resource: {} },
        rules: [
          {
            ...everyField('V1IngressRule'),
            http: { paths: [everyField('V1HTTPIngressPath')] },
          },
        ],
      },
    },
  ],
])('%s %s: no field of the client is unknown', (apiVersion, kind, body) => {
  const metadata = { ...everyField('V1ObjectMeta'), name: 'x' };
  const text = JSON.stringify({ ...body, apiVersion, kind, metadata });
  const unknown = problemsIn({ manifests: [file(text)] }).filter(({ problem }) =>
    problem.startsWith('there is no'),
  );
  expect(unknown).toEqual([]);
});
