import { legacyIp } from '../schema/legacy-address';
import { type Metadata, metadata } from '../schema/metadata';
import { dnsLabel, dnsSubdomain, portNumber, portProtocol, qualifiedName } from '../schema/names';
import { list, mapped, object, type Read, type Shape } from '../schema/shape';
import type { SliceEndpoint, SlicePort } from './endpoint-slice';

const address = object({
  required: { ip: legacyIp },
  optional: { nodeName: dnsSubdomain },
  omitEmpty: { hostname: dnsLabel },
  ignored: ['targetRef'],
});

const port = object({
  required: { port: portNumber },
  optional: { protocol: portProtocol, appProtocol: qualifiedName },
  omitEmpty: { name: dnsLabel },
});

const subset = object({
  optional: {
    addresses: list(address),
    notReadyAddresses: list(address),
    ports: list(port),
  },
});

/** What a `v1` Endpoints object lists for the Service of its name. */
export interface EndpointsObject {
  readonly meta: Metadata;
  readonly subsets: readonly {
    readonly ports: readonly SlicePort[];
    readonly endpoints: readonly SliceEndpoint[];
  }[];
}

/** Label with which an Endpoints object asks not to be mirrored, and the mark of a leader election. */
const SKIP_MIRROR = 'endpointslice.kubernetes.io/skip-mirror';
const LEADER = 'control-plane.alpha.kubernetes.io/leader';

/**
 * `v1` Endpoints, as the mirroring controller makes EndpointSlices of it (k8s
 * pkg/controller/endpointslicemirroring): nothing where it is marked not to be mirrored.
 */
export const endpointsObject: Shape<EndpointsObject> = mapped(
  object({
    required: { metadata },
    optional: { subsets: list(subset) },
    ignored: ['apiVersion', 'kind'],
  }),
  ({ metadata: meta, subsets = [] }) => ({
    meta,
    subsets: isMirrored(meta) ? subsets.map((one) => mirrored(one)) : [],
  }),
);

/** Whether the mirroring controller takes an Endpoints object. */
export const isMirrored = ({ labels, annotations }: Metadata): boolean =>
  labels[SKIP_MIRROR] !== 'true' && !Object.hasOwn(annotations, LEADER);

function mirrored({ addresses = [], notReadyAddresses = [], ports = [] }: Read<typeof subset>) {
  return {
    ports,
    endpoints: [
      ...addresses.map((one) => toEndpoint(one, true)),
      ...notReadyAddresses.map((one) => toEndpoint(one, false)),
    ],
  };
}

const toEndpoint = (
  { ip, nodeName, hostname }: Read<typeof address>,
  ready: boolean,
): SliceEndpoint => ({
  addresses: [ip],
  ready,
  serving: true,
  terminating: false,
  ...(nodeName !== undefined && { node: nodeName }),
  ...(hostname !== undefined && { hostname }),
});
