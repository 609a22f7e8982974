import { ApiObject, JsonPatch } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { chart } from '../chart';
import { CalicoNetworkPolicy } from '../kinds/calico';
import type { LabStages } from '../stage';
import { namespaces, service, serving } from '../workload';

const namespace = 'policy-test';

const pod = (
  scope: Parameters<Parameters<typeof chart>[0]>[0],
  name: string,
  props: { readonly app: string; readonly container: kplus.ContainerProps },
): void => {
  const made = new kplus.Pod(scope, name, {
    metadata: { name, namespace, labels: { app: props.app } },
    containers: [props.container],
  });
  ApiObject.of(made).addJsonPatch(JsonPatch.remove('/metadata/labels/cdk8s.io~1metadata.addr'));
};

/** Two bare pods, as in the notes; both listen, so that a closed way is told from a dead end. */
const Pods = chart((scope) => {
  namespaces(scope, namespace);
  pod(scope, 'nginx-1', { app: 'web', container: serving('nginx', 8080) });
  pod(scope, 'client', { app: 'client', container: serving('client', 8080) });
});

const DefaultDeny = chart((scope) => {
  new CalicoNetworkPolicy(scope, {
    name: 'default-deny',
    namespace,
    spec: { selector: 'all()', types: ['Ingress', 'Egress'] },
  });
});

/** As in the notes: the selector looks for the DNS pods in the policy's own namespace. */
const DnsAsWritten = chart((scope) => {
  new CalicoNetworkPolicy(scope, {
    name: 'allow-dns',
    namespace,
    spec: {
      selector: 'all()',
      types: ['Egress'],
      egress: [
        {
          action: 'Allow',
          protocol: 'UDP',
          destination: { selector: 'k8s-app == "kube-dns"', ports: [53] },
        },
      ],
    },
  });
});

const DnsFound = chart((scope) => {
  const destination = {
    namespaceSelector: 'projectcalico.org/name == "kube-system"',
    selector: 'k8s-app == "kube-dns"',
    ports: [53],
  };
  new CalicoNetworkPolicy(scope, {
    name: 'allow-dns',
    namespace,
    spec: {
      selector: 'all()',
      types: ['Egress'],
      egress: [
        { action: 'Allow', protocol: 'UDP', destination },
        { action: 'Allow', protocol: 'TCP', destination },
      ],
    },
  });
});

const AllowWeb = chart((scope) => {
  new CalicoNetworkPolicy(scope, {
    name: 'allow-web',
    namespace,
    spec: {
      selector: 'app == "web"',
      types: ['Ingress'],
      ingress: [
        {
          action: 'Allow',
          protocol: 'TCP',
          source: { selector: 'app == "client"' },
          destination: { ports: [8080] },
        },
      ],
    },
  });
});

/** A Service of the pod's name: only now is there a name that DNS knows. */
const Named = chart((scope) =>
  service(scope, { name: 'nginx-1', namespace, selects: 'web', port: 80, targetPort: 8080 }),
);

const ClientOut = chart((scope) => {
  new CalicoNetworkPolicy(scope, {
    name: 'client-to-web',
    namespace,
    spec: {
      selector: 'app == "client"',
      types: ['Egress'],
      egress: [
        {
          action: 'Allow',
          protocol: 'TCP',
          destination: { selector: 'app == "web"', ports: [8080] },
        },
      ],
    },
  });
});

export const stages = {
  open: [Pods],
  'default-deny': [Pods, DefaultDeny],
  'as-written': [Pods, DefaultDeny, DnsAsWritten, AllowWeb],
  'dns-found': [Pods, DefaultDeny, DnsFound, AllowWeb],
  named: [Pods, DefaultDeny, DnsFound, AllowWeb, Named],
  'client-out': [Pods, DefaultDeny, DnsFound, AllowWeb, Named, ClientOut],
} satisfies LabStages;
