import { familyOf, type Ip } from '../../model/address';
import { type At, complain, inside } from '../schema/at';
import { canonicalIp, legacyIp } from '../schema/legacy-address';
import { type Metadata, metadata } from '../schema/metadata';
import {
  dnsLabel,
  dnsSubdomain,
  isDnsSubdomain,
  portProtocol,
  qualifiedName,
} from '../schema/names';
import { BAD } from '../schema/refusal';
import {
  checked,
  flag,
  integer,
  list,
  mapped,
  object,
  oneOf,
  type Read,
  type Shape,
  text,
} from '../schema/shape';
import { specialRange } from '../schema/special-address';

/** Limits of discovery.k8s.io/v1 (k8s pkg/apis/discovery/validation). */
const MAX_ENDPOINTS = 1000;
const MAX_ADDRESSES = 100;
const MAX_PORTS = 20_000;
const MAX_INT32 = 2 ** 31 - 1;

const hintName = object({ optional: { name: text() } });

const endpoint = object({
  required: { addresses: list(text(), MAX_ADDRESSES) },
  optional: {
    conditions: object({ optional: { ready: flag, serving: flag, terminating: flag } }),
    nodeName: dnsSubdomain,
    hostname: dnsLabel,
    hints: object({ optional: { forZones: list(hintName), forNodes: list(hintName) } }),
  },
  ignored: ['deprecatedTopology', 'targetRef', 'zone'],
});

const slicePort = object({
  // The API server asks for no range here.
  optional: {
    port: integer(-MAX_INT32 - 1, MAX_INT32),
    protocol: portProtocol,
    appProtocol: qualifiedName,
  },
  omitEmpty: { name: dnsLabel },
});

const slice = checked(
  object({
    required: { metadata, addressType: oneOf('IPv4', 'IPv6', 'FQDN') },
    // A slice of a Service without pods is printed with `endpoints: null`.
    optional: { endpoints: list(endpoint, MAX_ENDPOINTS), ports: list(slicePort, MAX_PORTS) },
    ignored: ['apiVersion', 'kind'],
  }),
  ({ ports = [], endpoints = [] }, at) => {
    checkNames(ports, inside(at, 'ports'));
    for (const [i, { addresses }] of endpoints.entries()) {
      const place = inside(inside(inside(at, 'endpoints'), i), 'addresses');
      if (addresses.length === 0) complain(place, 'the endpoint has no address', 'give one');
    }
  },
);

/** Addresses behind a Service, as the cluster or a person wrote them down. */
export interface EndpointSliceObject {
  readonly meta: Metadata;
  /** Name of its Service, in the same namespace (label `kubernetes.io/service-name`). */
  readonly service: string;
  /** The EndpointSlice controller makes and changes it, from the Service's selector. */
  readonly isManaged: boolean;
  readonly ports: readonly SlicePort[];
  readonly endpoints: readonly SliceEndpoint[];
}

export type SlicePort = Read<typeof slicePort>;

/** An endpoint with its conditions as kube-proxy reads them. */
export interface SliceEndpoint {
  readonly addresses: readonly Ip[];
  readonly ready: boolean;
  readonly serving: boolean;
  readonly terminating: boolean;
  readonly node?: string;
  readonly hostname?: string;
  readonly zoneHints?: readonly string[];
  readonly nodeHints?: readonly string[];
}

/** Label of what manages a slice, and its value for the EndpointSlice controller. */
const MANAGED_BY = 'endpointslice.kubernetes.io/managed-by';
const CONTROLLER = 'endpointslice-controller.k8s.io';

/** `discovery.k8s.io/v1` EndpointSlice; one of type FQDN gives no addresses. */
export const endpointSlice: Shape<EndpointSliceObject> = mapped(
  slice,
  ({ metadata: meta, addressType, endpoints = [], ports = [] }, at) => {
    const before = at.report.problems.length;
    const read = endpoints.map((one, i) => ({
      addresses: one.addresses.flatMap((address, j) => {
        const place = inside(inside(inside(inside(at, 'endpoints'), i), 'addresses'), j);
        return addressOf(address, addressType, place);
      }),
      // What is not said counts so for kube-proxy (k8s pkg/proxy/endpointslicecache.go).
      ready: one.conditions?.ready ?? true,
      serving: one.conditions?.serving ?? true,
      terminating: one.conditions?.terminating ?? false,
      ...(one.nodeName !== undefined && { node: one.nodeName }),
      ...(one.hostname !== undefined && { hostname: one.hostname }),
      ...hintsOf(one.hints),
    }));
    if (at.report.problems.length > before) return BAD;
    return {
      meta,
      service: meta.labels['kubernetes.io/service-name'] ?? '',
      isManaged: meta.labels[MANAGED_BY] === CONTROLLER,
      ports,
      endpoints: read,
    };
  },
);

function hintsOf({ forZones = [], forNodes = [] }: Hints = {}): Partial<SliceEndpoint> {
  return {
    ...(forZones.length > 0 && { zoneHints: forZones.map(({ name = '' }) => name) }),
    ...(forNodes.length > 0 && { nodeHints: forNodes.map(({ name = '' }) => name) }),
  };
}

type Hints = NonNullable<Read<typeof endpoint>['hints']>;

function addressOf(text: string, type: 'IPv4' | 'IPv6' | 'FQDN', at: At): readonly Ip[] {
  if (type === 'FQDN') {
    const name = text.replace(/\.$/, '');
    if (!isDnsSubdomain(name) || !name.includes('.')) {
      complain(
        at,
        `'${text}' is not a DNS name of two parts or more`,
        'write one like db.example.com',
      );
    }
    return [];
  }
  // IPv6 came with the strict rules: RFC 5952 to the letter.
  const address = type === 'IPv6' ? canonicalIp(text, at) : legacyIp(text, at);
  if (address === BAD) return [];
  const range = specialRange(address);
  if (`IPv${familyOf(address)}` !== type) {
    complain(at, `${address} is not of addressType ${type}`, 'make a slice of its own for it');
  } else if (range !== undefined) {
    complain(at, `${address} is ${range}, which no client can call`, 'use another address');
  }
  return [address];
}

function checkNames(ports: readonly { readonly name?: string }[], at: At): void {
  const names = new Set<string>();
  for (const [i, { name = '' }] of ports.entries()) {
    if (names.has(name)) complain(inside(at, i), `two ports are named '${name}'`, 'rename one');
    names.add(name);
  }
}
