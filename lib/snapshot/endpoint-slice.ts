import type { Ip } from '../model/address';
import { inside } from './at';
import { type Metadata, metadata } from './metadata';
import { ipAddress, portNumber, portProtocol } from './names';
import { flag, list, mapped, object, oneOf, type Read, type Shape, text } from './shape';

const endpoint = object({
  required: { addresses: list(text()) },
  optional: {
    conditions: object({ optional: { ready: flag }, ignored: ['serving', 'terminating'] }),
    nodeName: text(),
  },
  ignored: ['deprecatedTopology', 'hints', 'hostname', 'targetRef', 'zone'],
});

const slicePort = object({
  optional: { name: text(), port: portNumber, protocol: portProtocol },
  ignored: ['appProtocol'],
});

/** Addresses behind a Service, as somebody wrote them down. */
export interface EndpointSliceObject {
  readonly meta: Metadata;
  /** Name of its Service, in the same namespace (label `kubernetes.io/service-name`). */
  readonly service: string;
  readonly ports: readonly Read<typeof slicePort>[];
  readonly endpoints: readonly {
    readonly addresses: readonly Ip[];
    readonly ready: boolean;
    readonly node?: string;
  }[];
}

/** `discovery.k8s.io/v1` EndpointSlice; one of type FQDN gives no addresses. */
export const endpointSlice: Shape<EndpointSliceObject> = mapped(
  object({
    required: { metadata, addressType: oneOf('IPv4', 'IPv6', 'FQDN'), endpoints: list(endpoint) },
    optional: { ports: list(slicePort) },
    ignored: ['apiVersion', 'kind'],
  }),
  ({ metadata: meta, addressType, endpoints, ports = [] }, at) => ({
    meta,
    service: meta.labels['kubernetes.io/service-name'] ?? '',
    ports,
    endpoints: endpoints.map((one, i) => ({
      addresses:
        addressType === 'FQDN'
          ? []
          : one.addresses.flatMap((address, j) => {
              const place = inside(inside(inside(inside(at, 'endpoints'), i), 'addresses'), j);
              const read = ipAddress(address, place);
              return typeof read === 'string' ? [read] : [];
            }),
      ready: one.conditions?.ready ?? true,
      ...(one.nodeName !== undefined && { node: one.nodeName }),
    })),
  }),
);
