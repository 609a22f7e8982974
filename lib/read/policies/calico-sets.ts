import { type Cidr, hostCidr, type Ip, networkOf, parseCidr, parseIp } from '../../model/address';
import { BUILT_IN_TIERS, type Tier } from '../../model/policy';
import { NAMESPACE_LABEL } from '../../model/selector';
import type { HostEndpoint, NetworkSet } from '../../model/world';
import { type At, complain, inside } from '../schema/at';
import { type Metadata, resource } from '../schema/metadata';
import { dnsSubdomain, ipAddress, portName, portNumber } from '../schema/names';
import {
  anything,
  checked,
  closedObject,
  decimal,
  list,
  mapped,
  oneOf,
  parsed,
  type Shape,
  text,
} from '../schema/shape';

const tierSpec = closedObject({
  optional: { order: decimal, defaultAction: oneOf('Deny', 'Pass') },
});

/** Orders of the tiers that Calico up to 3.31 made for the admin kinds. */
export const FORMER_TIERS: readonly Tier[] = [
  { name: 'adminnetworkpolicy', order: 1_000, defaultAction: 'pass' },
  { name: 'baselineadminnetworkpolicy', order: 10_000_000, defaultAction: 'pass' },
];

/** Tiers that are there without an object. */
export const KNOWN_TIERS: readonly Tier[] = [...BUILT_IN_TIERS, ...FORMER_TIERS];

/** `projectcalico.org/v3` Tier; order and action of the built-in ones are fixed (tier.go). */
export const tier: Shape<Tier> = checked(
  mapped(resource(tierSpec), ({ metadata, spec }) => ({
    name: metadata.name,
    order: spec.order ?? Number.POSITIVE_INFINITY,
    defaultAction: spec.defaultAction === 'Pass' ? 'pass' : 'deny',
  })),
  (value: Tier, at: At) => {
    const fixed = KNOWN_TIERS.find(({ name }) => name === value.name);
    const spec = inside(at, 'spec');
    if (value.name.includes('.')) {
      complain(inside(at, 'metadata'), `'${value.name}' holds a dot`, 'name the tier without one');
    }
    if (fixed !== undefined && fixed.order !== value.order) {
      const problem = `the order of tier ${fixed.name} is fixed`;
      complain(inside(spec, 'order'), problem, `write ${fixed.order}`);
    }
    // The default tier alone may end either way.
    const isFree = value.name === 'default';
    if (fixed !== undefined && !isFree && fixed.defaultAction !== value.defaultAction) {
      const problem = `the default action of tier ${fixed.name} is fixed`;
      const action = fixed.defaultAction === 'pass' ? 'Pass' : 'Deny';
      complain(inside(spec, 'defaultAction'), problem, `write ${action}`);
    }
  },
);

/** A block whose host bits do not matter, or a single address (validator.go: `cidr`). */
const looseNet: Shape<Cidr> = parsed<Cidr>((value) => {
  const address = parseIp(value);
  if (address !== undefined) return hostCidr(address);
  const strict = parseCidr(value);
  if (!('problem' in strict)) return strict;
  const [head = '', prefix = ''] = value.split('/');
  const start = /^\d{1,3}$/.test(prefix) ? parseIp(head) : undefined;
  const first = start === undefined ? undefined : networkOf(start, Number(prefix));
  const masked = parseCidr(`${first}/${prefix}`);
  return 'problem' in masked ? strict : masked;
});

const setSpec = closedObject({ optional: { nets: list(looseNet) } });

const set = (scope: 'cluster' | 'namespaced'): Shape<NetworkSet> =>
  checked(
    mapped(resource(setSpec), ({ metadata: { name, namespace, labels }, spec }) => ({
      ...(scope === 'namespaced' && { namespace }),
      name,
      labels,
      nets: spec.nets ?? [],
    })),
    ({ labels }: NetworkSet, at: At) => {
      if (!Object.hasOwn(labels, NAMESPACE_LABEL)) return;
      const place = inside(inside(inside(at, 'metadata'), 'labels'), NAMESPACE_LABEL);
      complain(place, 'Calico sets this label itself', 'remove it');
    },
  );

/** `projectcalico.org/v3` NetworkSet; its namespace's labels are added when the world is made. */
export const networkSet: Shape<NetworkSet> = set('namespaced');

/** `projectcalico.org/v3` GlobalNetworkSet. */
export const globalNetworkSet: Shape<NetworkSet> = set('cluster');

const endpointPort = closedObject({
  required: { name: portName, protocol: anything, port: portNumber },
});

const hostEndpointSpec = closedObject({
  required: { node: dnsSubdomain },
  optional: {
    interfaceName: text((value) =>
      value === '*' || /^[a-zA-Z0-9_.-]{1,15}$/.test(value)
        ? undefined
        : { problem: `'${value}' is no interface name`, fix: 'use at most 15 letters, or *' },
    ),
    expectedIPs: list(ipAddress),
    profiles: list(dnsSubdomain),
    ports: list(endpointPort),
  },
});

/** The profile that automatic host endpoints carry: what no policy decides is allowed. */
const DEFAULT_ALLOW = 'projectcalico-default-allow';

/** `projectcalico.org/v3` HostEndpoint. */
export const hostEndpoint: Shape<HostEndpoint> = checked(
  mapped(resource(hostEndpointSpec), ({ metadata, spec }) => toHostEndpoint(metadata, spec)),
  ({ interfaceName, expectedIps }: HostEndpoint, at: At) => {
    if (interfaceName !== '' || expectedIps.length > 0) return;
    const fix = 'give interfaceName, such as *, or expectedIPs';
    complain(inside(at, 'spec'), 'the host endpoint names no interface', fix);
  },
);

interface HostEndpointSpec {
  readonly node: string;
  readonly interfaceName?: string;
  readonly expectedIPs?: readonly Ip[];
  readonly profiles?: readonly string[];
}

const toHostEndpoint = (metadata: Metadata, spec: HostEndpointSpec): HostEndpoint => ({
  name: metadata.name,
  node: spec.node,
  interfaceName: spec.interfaceName ?? '',
  labels: metadata.labels,
  expectedIps: spec.expectedIPs ?? [],
  defaultAllow: spec.profiles?.includes(DEFAULT_ALLOW) ?? false,
});
