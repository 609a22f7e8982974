import { ApiObject, JsonPatch } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
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
  /** Port of the Service. @default the container's port */
  readonly servicePort?: number;
  /** @default the namespace's default account */
  readonly serviceAccount?: kplus.IServiceAccount;
}

/**
 * A Deployment that answers on one port, with a ClusterIP Service of the same name.
 *
 * Policies select pods by labels, so the labels are said here and nowhere else; the selector that
 * cdk8s would invent from the construct's address is switched off, because no learner would write it.
 */
export class Workload extends Construct {
  readonly deployment: kplus.Deployment;
  readonly service: kplus.Service;

  constructor(scope: Construct, props: WorkloadProps) {
    super(scope, props.name);
    const { name, namespace, port, labels, replicas = 1, servicePort = port } = props;
    const selected = { app: name, ...labels };

    this.deployment = new kplus.Deployment(this, 'deployment', {
      metadata: { name, namespace },
      replicas,
      select: false,
      podMetadata: { labels: selected },
      serviceAccount: props.serviceAccount,
      containers: [serving(name, port)],
    });
    selectByLabels(this.deployment, { app: name });
    this.service = new kplus.Service(this, 'service', {
      metadata: { name, namespace },
      selector: podsLabelled(this, { app: name }),
      ports: [{ name: 'http', port: servicePort, targetPort: port }],
    });
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

/** A container that answers with its pod's name over TCP, HTTP and UDP on one port. */
export const serving = (name: string, port: number): kplus.ContainerProps => ({
  name,
  image: IMAGE,
  imagePullPolicy: kplus.ImagePullPolicy.IF_NOT_PRESENT,
  args: ['netexec', `--http-port=${port}`, `--udp-port=${port}`],
  ports: [{ name: 'http', number: port, protocol: kplus.Protocol.TCP }],
  resources: {},
  securityContext: { user: 10001, group: 10001 },
});

/** A container that only waits: a client to send requests from. */
export const waiting = (name: string): kplus.ContainerProps => ({
  name,
  image: IMAGE,
  imagePullPolicy: kplus.ImagePullPolicy.IF_NOT_PRESENT,
  args: ['pause'],
  resources: {},
  securityContext: { user: 10001, group: 10001 },
});
