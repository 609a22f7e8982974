import type { Ip } from '../../model/address';
import type { ContainerPort, PodDns, PodLifetime } from '../../model/world';
import { inside } from '../schema/at';
import { legacyIp } from '../schema/legacy-address';
import { type Metadata, metadata, templateMetadata } from '../schema/metadata';
import { BAD, type Bad } from '../schema/refusal';
import { anything, list, mapped, object, oneOf, type Read, type Shape } from '../schema/shape';
import { unlessBroken } from '../schema/status';
import { type PodSpec, podSpec, statefulPodSpec } from './pod-spec';

const STATUS_FIELDS: readonly string[] = [
  'phase',
  'podIP',
  'podIPs',
  'conditions',
  'startTime',
  'containerStatuses',
];

/** A status is what a running cluster wrote, so its other fields are not our business. */
const podStatus: Shape<Read<typeof knownStatus>> = (value, at) => {
  const entries = Object.entries(typeof value === 'object' && value !== null ? value : {});
  const known = entries.filter(([key]) => STATUS_FIELDS.includes(key));
  return knownStatus(Object.fromEntries(known), at);
};
const knownStatus = object({
  optional: {
    podIPs: list(unlessBroken(object({ required: { ip: legacyIp } }))),
    conditions: list(anything),
    startTime: anything,
    containerStatuses: list(anything),
  },
  omitEmpty: {
    phase: unlessBroken(oneOf('Pending', 'Running', 'Succeeded', 'Failed', 'Unknown')),
    podIP: unlessBroken(legacyIp),
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
  /** Its host name, and the Service below whose name DNS gives it (`hostname`, `subdomain`). */
  readonly hostname?: string;
  readonly subdomain?: string;
  /** Absent: the cluster's DNS alone. */
  readonly dns?: PodDns;
  /** Absent: `Always`, as the API server has it. */
  readonly restartPolicy?: PodSpec['restartPolicy'];
}

/** A pod that stands in the manifests by itself. */
export interface PodObject extends PodTemplate {
  /** Addresses it already has, in the order of `status.podIPs`. */
  readonly addresses: readonly Ip[];
  readonly ready: boolean;
  /** Succeeded or failed: it has no endpoint any more. */
  readonly finished: boolean;
  /** When the kubelet took it up and when its last container ended, where the status says so. */
  readonly lifetime: PodLifetime;
}

/** `v1` Pod. */
export const pod: Shape<PodObject> = mapped(
  object({
    required: { metadata },
    optional: { spec: podSpec, status: unlessBroken(podStatus) },
    ignored: ['apiVersion', 'kind'],
  }),
  ({ metadata: meta, spec: given, status = {} }, at): PodObject | Bad => {
    const spec = given ?? podSpec({}, inside(at, 'spec'));
    if (spec === BAD) return BAD;
    const first = status.podIP === undefined ? [] : [status.podIP];
    const all = [...first, ...(status.podIPs ?? []).flatMap((entry) => entry?.ip ?? [])];
    return {
      ...toTemplate(meta, spec),
      addresses: [...new Set(all)],
      ready: isReady(status),
      finished: status.phase === 'Succeeded' || status.phase === 'Failed',
      lifetime: lifetimeOf(status),
    };
  },
);

const templateOf = (spec: typeof podSpec): Shape<PodTemplate> =>
  mapped(
    object({ required: { spec }, optional: { metadata: templateMetadata } }),
    ({ metadata: meta, spec: read }) =>
      toTemplate(meta ?? { name: '', namespace: 'default', labels: {}, annotations: {} }, read),
  );

/** The `template` of a workload. */
export const podTemplate = templateOf(podSpec);

/** The `template` of a StatefulSet. */
export const statefulPodTemplate = templateOf(statefulPodSpec);

function toTemplate(meta: Metadata, spec: PodSpec): PodTemplate {
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
    ...(spec.hostname !== undefined && { hostname: spec.hostname }),
    ...(spec.subdomain !== undefined && { subdomain: spec.subdomain }),
    ...dnsOf(spec),
    ...(spec.restartPolicy !== undefined && { restartPolicy: spec.restartPolicy }),
  };
}

/** How the kubelet writes resolv.conf (Kubernetes: "Pod's DNS Policy"; kubelet network/dns). */
function dnsOf({ dnsPolicy, dnsConfig = {}, hostNetwork = false }: PodSpec): {
  readonly dns?: PodDns;
} {
  const policy = resolverPolicy(dnsPolicy ?? 'ClusterFirst', hostNetwork);
  const { nameservers = [], searches = [], options = [] } = dnsConfig;
  const given = nameservers.length + searches.length + options.length;
  if (policy === 'cluster' && given === 0) return {};
  const option = ({ name, value = '' }: (typeof options)[number]): string =>
    value === '' ? name : `${name}:${value}`;
  return { dns: { policy, nameservers, searches, options: options.map(option) } };
}

/** A pod on the host network falls back from `ClusterFirst` to the node's resolver. */
function resolverPolicy(
  policy: NonNullable<PodSpec['dnsPolicy']>,
  hostNetwork: boolean,
): PodDns['policy'] {
  if (policy === 'None') return 'none';
  const isNodes = policy === 'Default' || (policy === 'ClusterFirst' && hostNetwork);
  return isNodes ? 'node' : 'cluster';
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

/** `status.startTime`, and the latest `finishedAt` of containers that all ended (API reference, PodStatus). */
function lifetimeOf({ startTime, containerStatuses = [] }: Read<typeof knownStatus>): PodLifetime {
  const startedAt = secondsOf(startTime);
  const ends = containerStatuses.map((one) =>
    secondsOf(fieldOf(fieldOf(fieldOf(one, 'state'), 'terminated'), 'finishedAt')),
  );
  const known = ends.filter((end) => end !== undefined);
  const isOver = known.length > 0 && known.length === ends.length;
  return {
    ...(startedAt !== undefined && { startedAt }),
    ...(isOver && { finishedAt: Math.max(...known) }),
  };
}

const fieldOf = (value: unknown, field: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, field) : undefined;

function secondsOf(value: unknown): number | undefined {
  const time = value instanceof Date ? value.getTime() : Date.parse(String(value));
  return Number.isNaN(time) ? undefined : Math.floor(time / 1000);
}
