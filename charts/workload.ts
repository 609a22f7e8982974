import { ApiObject, JsonPatch } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';

/** Serves HTTP (`/hostname` says the pod's name), TCP and UDP on any port; the tests of Kubernetes use it too. */
const IMAGE = 'registry.k8s.io/e2e-test-images/agnhost:2.53';

export interface WorkloadProps {
  /** Name of the Deployment, its Service, and the value of its pods' label `app`. */
  readonly name: string;
  readonly namespace: string;
  /** Port the container listens on, 1024 to 65535 (it runs without root). */
  readonly port: number;
  /** @default 1 */
  readonly replicas?: number;
  /** Labels of the pods besides `app`. @default none */
  readonly labels?: Readonly<Record<string, string>>;
  /** Port of the Service, or that there is none. @default the container's port */
  readonly service?: number | 'none';
  /** @default the namespace's default account */
  readonly serviceAccount?: kplus.IServiceAccount;
  /** What its container asks for and may take. @default nothing is said */
  readonly resources?: kplus.ContainerResources;
  /** What answers. @default 'netexec' */
  readonly server?: TestServer;
}

/**
 * What a workload's container runs, of agnhost's programs (kubernetes/kubernetes,
 * test/images/agnhost). `netexec` answers by HTTP, TCP and UDP and runs commands for its callers
 * (`/shell?cmd=`), so nothing outside the cluster may reach it. `serve-hostname` answers HTTP with
 * the pod's name and does nothing else.
 */
export type TestServer = 'netexec' | 'serve-hostname';

/**
 * A Deployment that answers on one port, with a ClusterIP Service of the same name.
 *
 * Policies select pods by labels, so the labels are said here and nowhere else; the selector that
 * cdk8s would invent from the construct's address is switched off, because no learner would write it.
 */
export class Workload extends Construct {
  constructor(scope: Construct, props: WorkloadProps) {
    super(scope, `${props.namespace}-${props.name}`);
    const { name, namespace, port, labels, replicas = 1, service = port, server } = props;
    const selected = { app: name, ...labels };

    const deployment = new kplus.Deployment(this, 'deployment', {
      metadata: { name, namespace },
      replicas,
      select: false,
      podMetadata: { labels: selected },
      serviceAccount: props.serviceAccount,
      containers: [{ ...serving(name, port, server), resources: props.resources ?? {} }],
    });
    selectByLabels(deployment, { app: name });
    if (service === 'none') return;
    new kplus.Service(this, 'service', {
      metadata: { name, namespace },
      selector: podsLabelled(this, { app: name }),
      ports: [{ name: 'http', port: service, targetPort: port }],
    });
  }
}

/** A DaemonSet that answers on one port: one pod on every node, so some share one and some do not. */
export class PerNode extends Construct {
  constructor(scope: Construct, props: Pick<WorkloadProps, 'name' | 'namespace' | 'port'>) {
    super(scope, `${props.namespace}-${props.name}`);
    const { name, namespace, port } = props;
    const daemons = new kplus.DaemonSet(this, 'daemons', {
      metadata: { name, namespace },
      select: false,
      podMetadata: { labels: { app: name } },
      containers: [serving(name, port)],
    });
    selectByLabels(daemons, { app: name });
  }
}

/**
 * Makes a workload select its pods by these labels alone, and takes away the label that cdk8s adds
 * to them from the construct's address.
 */
export function selectByLabels(
  workload: kplus.Workload,
  labels: Readonly<Record<string, string>>,
): void {
  workload.select(kplus.LabelSelector.of({ labels }));
  ApiObject.of(workload).addJsonPatch(
    JsonPatch.remove('/spec/template/metadata/labels/cdk8s.io~1metadata.addr'),
  );
}

/** Pods by label, as a Service selects them. */
export const podsLabelled = (
  scope: Construct,
  labels: Readonly<Record<string, string>>,
): kplus.Pods => kplus.Pods.select(scope, 'pods', { labels });

const ARGUMENTS: Readonly<Record<TestServer, (port: number) => string[]>> = {
  netexec: (port) => ['netexec', `--http-port=${port}`, `--udp-port=${port}`],
  'serve-hostname': (port) => ['serve-hostname', `--port=${port}`],
};

/** A container that answers with its pod's name on one port: over HTTP, and as `netexec` over UDP too. */
export const serving = (
  name: string,
  port: number,
  server: TestServer = 'netexec',
): kplus.ContainerProps => ({
  name,
  image: IMAGE,
  imagePullPolicy: kplus.ImagePullPolicy.IF_NOT_PRESENT,
  args: ARGUMENTS[server](port),
  ports: [{ name: 'http', number: port, protocol: kplus.Protocol.TCP }],
  resources: {},
  securityContext: { user: 10001, group: 10001 },
});

/** Namespaces, in the order given. */
export const namespaces = (scope: Construct, ...names: readonly string[]): void => {
  for (const name of names) new kplus.Namespace(scope, `namespace-${name}`, { metadata: { name } });
};

export interface ServiceProps {
  readonly name: string;
  readonly namespace: string;
  /** Value of the label `app` of the pods behind it. */
  readonly selects: string;
  readonly port: number;
  readonly targetPort: number;
  readonly type?: 'ClusterIP' | 'NodePort' | 'LoadBalancer';
  /** For NodePort, 30000 to 32767. */
  readonly nodePort?: number;
  /** `Local`: only pods on the node that was asked, and the client stays visible. @default 'Cluster' */
  readonly externalTrafficPolicy?: 'Cluster' | 'Local';
  /** No address of its own: the name resolves to its pods. */
  readonly headless?: 'yes';
  readonly annotations?: Readonly<Record<string, string>>;
  /** Blocks that may call the load balancer. @default every address */
  readonly sourceRanges?: readonly string[];
}

/** A Service of any type, written by its API fields. */
export const service = (scope: Construct, props: ServiceProps): void => {
  const { name, namespace, selects, port, targetPort, type = 'ClusterIP', annotations } = props;
  new k8s.KubeService(scope, `service-${namespace}-${name}`, {
    metadata: { name, namespace, annotations },
    spec: {
      type,
      selector: { app: selects },
      externalTrafficPolicy: props.externalTrafficPolicy,
      loadBalancerSourceRanges:
        props.sourceRanges === undefined ? undefined : [...props.sourceRanges],
      clusterIp: props.headless === 'yes' ? 'None' : undefined,
      ports: [
        {
          name: 'http',
          protocol: 'TCP',
          port,
          targetPort: k8s.IntOrString.fromNumber(targetPort),
          nodePort: props.nodePort,
        },
      ],
    },
  });
};
