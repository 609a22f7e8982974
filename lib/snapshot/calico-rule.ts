import type { PortMatch, Rule, Traffic } from '../model/policy';
import { type At, complain, inside, warn } from './at';
import { type Entity, entityRule, familiesOf, toPeers } from './calico-entity';
import {
  anything,
  checked,
  integer,
  list,
  object,
  oneOf,
  type Read,
  refuse,
  type Shape,
  text,
  wrongType,
} from './shape';

type CalicoProtocol = Exclude<Traffic['protocol'], 'any'>;

const NAMES = ['TCP', 'UDP', 'ICMP', 'ICMPv6', 'SCTP', 'UDPLite'] as const;

/** Numbers of the protocols that have names (IANA), so that `6` and `TCP` are one. */
const NUMBERS: Readonly<Record<number, (typeof NAMES)[number]>> = {
  1: 'ICMP',
  6: 'TCP',
  17: 'UDP',
  58: 'ICMPv6',
  132: 'SCTP',
  136: 'UDPLite',
};

const protocol: Shape<CalicoProtocol> = (value, at) => {
  if (typeof value === 'number') {
    if (Number.isInteger(value) && value >= 1 && value <= 255) return NUMBERS[value] ?? value;
    return refuse(at, `${value} is no protocol`, 'use a number from 1 to 255, or a name');
  }
  if (typeof value !== 'string') return wrongType(value, at, 'a protocol');
  const known = NAMES.find((name) => name === value);
  const meant = NAMES.find((name) => name.toLowerCase() === value.toLowerCase());
  const fix = meant === undefined ? `use ${NAMES.join(', ')} or a number` : `write ${meant}`;
  return known ?? refuse(at, `'${value}' is no protocol`, fix);
};

const icmp = checked(
  object({ optional: { type: integer(0, 254), code: integer(0, 255) } }),
  ({ type, code }, at) => {
    if (code === undefined || type !== undefined) return;
    complain(inside(at, 'code'), 'code stands without type', 'add type');
  },
);

const rule = object({
  required: { action: oneOf('Allow', 'Deny', 'Log', 'Pass') },
  optional: {
    ipVersion: integer(4, 6),
    protocol,
    notProtocol: protocol,
    icmp,
    notICMP: icmp,
    source: entityRule,
    destination: entityRule,
    http: object({ optional: { methods: list(text()), paths: list(anything) } }),
    metadata: anything,
  },
});

type CalicoRuleSpec = Read<typeof rule>;

/** One rule of a Calico policy; the checks that need its direction or scope are `checkRule`'s. */
export const calicoRule: Shape<CalicoRuleSpec> = checked(rule, (spec: CalicoRuleSpec, at: At) => {
  checkPorts(spec, at);
  checkIcmp(spec, at);
  checkFamilies(spec, at);
});

export type CalicoRule = CalicoRuleSpec;

const ACTIONS = { Allow: 'allow', Deny: 'deny', Log: 'log', Pass: 'pass' } as const;

/** Where a rule stands: its place in the list, and the namespace of its policy, if it has one. */
export interface RulePlace {
  readonly index: number;
  readonly namespace: string | undefined;
}

/** A Calico rule in the words of the model. */
export function toRule(spec: CalicoRule, { index, namespace }: RulePlace): Rule {
  const { ipVersion } = spec;
  return {
    index,
    action: ACTIONS[spec.action],
    ...((ipVersion === 4 || ipVersion === 6) && { ipVersion }),
    source: toPeers(spec.source ?? {}, namespace),
    destination: toPeers(spec.destination ?? {}, namespace),
    traffic: toTraffic(spec),
  };
}

function toTraffic(spec: CalicoRule): Rule['traffic'] {
  const { protocol: only, notProtocol, source = {}, destination = {} } = spec;
  const wanted = icmpMatch(spec.icmp);
  const unwanted = icmpMatch(spec.notICMP);
  const some = <T>(items: readonly T[] | undefined): items is readonly T[] =>
    items !== undefined && items.length > 0;
  const traffic: Traffic = {
    protocol: only ?? 'any',
    destinationPorts: some(destination.ports) ? destination.ports : 'any',
    sourcePorts: some(source.ports) ? source.ports : 'any',
    ...(notProtocol !== undefined && { notProtocol }),
    ...(some(destination.notPorts) && { notDestinationPorts: destination.notPorts }),
    ...(some(source.notPorts) && { notSourcePorts: source.notPorts }),
    ...(wanted !== undefined && { icmp: wanted }),
    ...(unwanted !== undefined && { notIcmp: unwanted }),
  };
  const anyPort = traffic.destinationPorts === 'any' && traffic.sourcePorts === 'any';
  const any = traffic.protocol === 'any' && anyPort && Object.keys(traffic).length === 3;
  return any ? 'any' : [traffic];
}

const icmpMatch = (match: Read<typeof icmp> | undefined): Traffic['icmp'] =>
  match?.type === undefined
    ? undefined
    : { type: match.type, ...(match.code !== undefined && { code: match.code }) };

const hasPorts = (only: CalicoProtocol | undefined): boolean =>
  only === 'TCP' || only === 'UDP' || only === 'SCTP' || only === 'UDPLite';

const SIDES = ['source', 'destination'] as const;

/** Numbers need a protocol that has ports; a name brings its own (policy_common.go). */
function checkPorts(spec: CalicoRule, at: At): void {
  if (hasPorts(spec.protocol)) return;
  for (const side of SIDES) {
    for (const field of ['ports', 'notPorts'] as const) {
      const ports: readonly PortMatch[] = spec[side]?.[field] ?? [];
      const numbers = ports.some((port) => 'first' in port);
      if (numbers || (ports.length > 0 && spec.protocol !== undefined)) {
        const place = inside(inside(at, side), field);
        complain(place, 'ports stand without a protocol that has ports', 'add protocol: TCP');
      }
    }
  }
}

function checkIcmp(spec: CalicoRule, at: At): void {
  const { protocol: only, notProtocol, ipVersion } = spec;
  if (spec.icmp !== undefined && only !== 'ICMP' && only !== 'ICMPv6') {
    complain(inside(at, 'icmp'), 'icmp stands without protocol ICMP', 'add protocol: ICMP');
  }
  for (const [name, version] of [
    ['ICMP', 4],
    ['ICMPv6', 6],
  ] as const) {
    const named = only === name || notProtocol === name;
    if (named && ipVersion !== undefined && ipVersion !== version) {
      complain(
        inside(at, 'ipVersion'),
        `${name} is no protocol of IPv${ipVersion}`,
        `write ${version}`,
      );
    }
  }
}

function checkFamilies(spec: CalicoRule, at: At): void {
  const { ipVersion, source = {}, destination = {} } = spec;
  if (ipVersion === 5) complain(inside(at, 'ipVersion'), 'there is no IPv5', 'write 4 or 6');
  const families = new Set([...familiesOf(source), ...familiesOf(destination)]);
  const mixed = families.size > 1;
  const other = ipVersion !== undefined && [...families].some((family) => family !== ipVersion);
  if (mixed) complain(at, 'IPv4 and IPv6 blocks stand in one rule', 'make two rules of it');
  else if (other)
    complain(inside(at, 'ipVersion'), 'the blocks are of the other family', 'change it');
}

/** What a rule may not say because of where it stands (validator.go, CEL of the kinds). */
export function checkRule(spec: CalicoRule, place: RulePlace & Standing, at: At): void {
  const { direction, namespace } = place;
  const [theirs, ours] = direction === 'ingress' ? SIDES : ([SIDES[1], SIDES[0]] as const);
  const services = spec[theirs]?.services;
  if (spec[ours]?.services !== undefined) {
    const where = inside(inside(at, ours), 'services');
    complain(where, `services stands in ${ours} of an ${direction} rule`, `move it to ${theirs}`);
  }
  if (services !== undefined && namespace === undefined && services.namespace === undefined) {
    const where = inside(inside(inside(at, theirs), 'services'), 'namespace');
    complain(where, 'namespace is missing', 'name the namespace: the policy has none');
  }
  const peer: Entity = spec[theirs] ?? {};
  const ports = [...(peer.ports ?? []), ...(peer.notPorts ?? [])];
  if (direction === 'egress' && services !== undefined && ports.length > 0) {
    const where = inside(inside(at, theirs), 'ports');
    complain(where, 'ports stand beside services', 'leave ports out: the service has its own');
  }
  checkHttp(spec, direction, at);
}

/** Which list of a policy a rule is in. */
export interface Standing {
  readonly direction: 'ingress' | 'egress';
}

function checkHttp(spec: CalicoRule, direction: Standing['direction'], at: At): void {
  if (spec.http === undefined) return;
  const place = inside(at, 'http');
  const { protocol: only = 'TCP' } = spec;
  if (spec.action !== 'Allow' || direction === 'egress' || only !== 'TCP') {
    complain(place, 'http stands in no Allow rule for TCP ingress', 'leave it out');
  } else {
    const problem = 'http is looked at only by the application layer: packets match without it';
    warn(place, problem, 'leave it out, or do not count on it here');
  }
}
