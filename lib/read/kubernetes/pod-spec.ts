import { type At, inside, warn } from '../schema/at';
import { legacyIp } from '../schema/legacy-address';
import { checkLabelKey, checkLabelValue, dnsLabel, dnsSubdomain } from '../schema/names';
import {
  checked,
  flag,
  list,
  object,
  oneOf,
  type Read,
  record,
  type Shape,
  text,
} from '../schema/shape';
import { container } from './container';
import { checkContainers } from './container-check';

/** Fields of a pod that packets do not depend on. */
const POD_FIELDS = [
  'activeDeadlineSeconds',
  'affinity',
  'automountServiceAccountToken',
  'enableServiceLinks',
  'ephemeralContainers',
  'hostAliases',
  'hostIPC',
  'hostPID',
  'hostUsers',
  'hostnameOverride',
  'imagePullSecrets',
  'os',
  'overhead',
  'preemptionPolicy',
  'priority',
  'priorityClassName',
  'readinessGates',
  'resourceClaims',
  'resources',
  'runtimeClassName',
  'schedulerName',
  'schedulingGates',
  'schedulingGroup',
  'securityContext',
  'setHostnameAsFQDN',
  'shareProcessNamespace',
  'terminationGracePeriodSeconds',
  'tolerations',
  'topologySpreadConstraints',
  'volumes',
  'workloadRef',
] as const;

const dnsConfig = object({
  optional: {
    nameservers: list(legacyIp),
    searches: list(text()),
    options: list(object({ required: { name: text() }, optional: { value: text() } })),
  },
});

/** A pod spec whose `hostname` and `subdomain` are read by this shape. */
const podSpecWith = (hostName: Shape<string>) =>
  checked(
    object({
      optional: {
        containers: list(container),
        dnsConfig,
        hostNetwork: flag,
        initContainers: list(container),
        nodeSelector: record(checkLabelKey, text(checkLabelValue)),
      },
      omitEmpty: {
        dnsPolicy: oneOf('ClusterFirst', 'ClusterFirstWithHostNet', 'Default', 'None'),
        hostname: hostName,
        subdomain: hostName,
        nodeName: dnsSubdomain,
        restartPolicy: oneOf('Always', 'OnFailure', 'Never'),
        serviceAccount: text(),
        serviceAccountName: dnsSubdomain,
      },
      ignored: POD_FIELDS,
    }),
    checkPodSpec,
  );

/** `spec` of a pod or of a pod template. */
export const podSpec = podSpecWith(dnsLabel);

/**
 * `spec` of a StatefulSet's template: the controller names its pods, so the API server does not ask
 * for labels there.
 */
export const statefulPodSpec = podSpecWith(text());

export type PodSpec = Read<typeof podSpec>;

/** k8s pkg/apis/core/validation: ValidatePodSpec, as far as ports and names go. */
function checkPodSpec(
  spec: Parameters<typeof checkContainers>[0] & ServiceAccountFields,
  at: At,
): void {
  const place = inside(at, 'containers');
  const { containers = [], initContainers = [], serviceAccount, serviceAccountName } = spec;
  // The old name of the field counts where the new one is empty.
  if (serviceAccountName === undefined && serviceAccount !== undefined) {
    dnsSubdomain(serviceAccount, inside(at, 'serviceAccount'));
  }
  // The API server refuses both; nothing here depends on them.
  if (containers.length === 0) warn(place, 'the pod has no container', 'add one');
  if ([...containers, ...initContainers].some(({ name }) => name === undefined)) {
    warn(place, 'a container has no name', 'name it');
  }
  checkContainers(spec, at);
}

interface ServiceAccountFields {
  readonly serviceAccount?: string;
  readonly serviceAccountName?: string;
}
