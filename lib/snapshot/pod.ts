import type { Ip } from '../model/address';
import type { ContainerPort } from '../model/world';
import { inside, warn } from './at';
import { container } from './container';
import { type Metadata, metadata, templateMetadata } from './metadata';
import { dnsSubdomain, ipAddress } from './names';
import { BAD, type Bad } from './refusal';
import {
  anything,
  checked,
  flag,
  list,
  mapped,
  object,
  oneOf,
  type Read,
  record,
  type Shape,
  text,
} from './shape';

const POD_FIELDS = [
  'activeDeadlineSeconds',
  'affinity',
  'automountServiceAccountToken',
  'dnsConfig',
  'dnsPolicy',
  'enableServiceLinks',
  'ephemeralContainers',
  'hostAliases',
  'hostIPC',
  'hostPID',
  'hostUsers',
  'hostname',
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
  'restartPolicy',
  'runtimeClassName',
  'schedulerName',
  'schedulingGates',
  'schedulingGroup',
  'securityContext',
  'setHostnameAsFQDN',
  'shareProcessNamespace',
  'subdomain',
  'terminationGracePeriodSeconds',
  'tolerations',
  'topologySpreadConstraints',
  'volumes',
  'workloadRef',
] as const;

const podSpec = checked(
  object({
    optional: {
      containers: list(container),
      hostNetwork: flag,
      initContainers: list(container),
      nodeName: dnsSubdomain,
      nodeSelector: record(() => undefined, text()),
      serviceAccount: text(),
      serviceAccountName: text(),
    },
    ignored: POD_FIELDS,
  }),
  (spec, at) => {
    // The API server refuses both; nothing here depends on them.
    const place = inside(at, 'containers');
    const { containers = [] } = spec;
    if (containers.length === 0) warn(place, 'the pod has no container', 'add one');
    if (containers.some(({ name }) => name === undefined)) {
      warn(place, 'a container has no name', 'name it');
    }
  },
);

/** A status is what a running cluster wrote, so its other fields are not our business. */
const podStatus: Shape<Read<typeof knownStatus>> = (value, at) => {
  const entries = Object.entries(typeof value === 'object' && value !== null ? value : {});
  const known = entries.filter(([key]) => ['phase', 'podIP', 'podIPs', 'conditions'].includes(key));
  return knownStatus(Object.fromEntries(known), at);
};
const knownStatus = object({
  optional: {
    phase: oneOf('Pending', 'Running', 'Succeeded', 'Failed', 'Unknown'),
    podIP: ipAddress,
    podIPs: list(object({ required: { ip: ipAddress } })),
    conditions: list(anything),
  },
});

/** What a pod or a pod template says about each pod made of it. */
export interface PodTemplate {
  readonly meta: Metadata;
  readonly ports: readonly ContainerPort[];
  readonly hostNetwork: boolean;
  readonly nodeName?: string;
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly serviceAccount: string;
}

/** A pod that stands in the manifests by itself. */
export interface PodObject extends PodTemplate {
  /** Addresses it already has, in the order of `status.podIPs`. */
  readonly addresses: readonly Ip[];
  readonly ready: boolean;
  /** Succeeded or failed: it has no endpoint any more. */
  readonly finished: boolean;
}

/** `v1` Pod. */
export const pod: Shape<PodObject> = mapped(
  object({
    required: { metadata },
    optional: { spec: podSpec, status: podStatus },
    ignored: ['apiVersion', 'kind'],
  }),
  ({ metadata: meta, spec: given, status = {} }, at): PodObject | Bad => {
    const spec = given ?? podSpec({}, inside(at, 'spec'));
    if (spec === BAD) return BAD;
    const first = status.podIP === undefined ? [] : [status.podIP];
    const all = [...first, ...(status.podIPs ?? []).map((entry) => entry.ip)];
    return {
      ...toTemplate(meta, spec),
      addresses: [...new Set(all)],
      ready: isReady(status),
      finished: status.phase === 'Succeeded' || status.phase === 'Failed',
    };
  },
);

/** The `template` of a workload. */
export const podTemplate: Shape<PodTemplate> = mapped(
  object({ required: { spec: podSpec }, optional: { metadata: templateMetadata } }),
  ({ metadata: meta, spec }) =>
    toTemplate(meta ?? { name: '', namespace: 'default', labels: {}, annotations: {} }, spec),
);

function toTemplate(meta: Metadata, spec: Read<typeof podSpec>): PodTemplate {
  // Of the init containers only a restartable one (a sidecar) still runs beside the others.
  const sidecars = (spec.initContainers ?? []).filter((one) => one.restartPolicy === 'Always');
  return {
    meta,
    ports: [...(spec.containers ?? []), ...sidecars].flatMap((one) =>
      (one.ports ?? []).map(({ name, protocol = 'TCP', containerPort: number }) => ({
        ...(name !== undefined && { name }),
        protocol,
        port: number,
      })),
    ),
    hostNetwork: spec.hostNetwork ?? false,
    ...(spec.nodeName !== undefined && { nodeName: spec.nodeName }),
    nodeSelector: spec.nodeSelector ?? {},
    serviceAccount: spec.serviceAccountName || spec.serviceAccount || 'default',
  };
}

/** No status counts as running and ready; a status without conditions says it by its phase. */
function isReady(status: Read<typeof knownStatus>): boolean {
  const ready = (status.conditions ?? []).find(
    (entry): entry is { readonly status: unknown } =>
      typeof entry === 'object' && entry !== null && 'type' in entry && entry.type === 'Ready',
  );
  if (ready !== undefined) return ready.status === 'True';
  return status.phase === undefined || status.phase === 'Running';
}
