import type { PortMatch } from '../../model/policy';
import { type At, complain, inside, warn } from '../schema/at';
import { type Entity, familiesOf } from './calico-entity';
import type { CalicoProtocol, CalicoRule } from './calico-rule-shape';

/** Where a rule stands: its place in the list, and the namespace of its policy, if it has one. */
export interface RulePlace {
  readonly index: number;
  readonly namespace: string | undefined;
}

/** Which list of a policy a rule is in. */
export interface Standing {
  readonly direction: 'ingress' | 'egress';
}

/** What a rule may not say wherever it stands. */
export function checkAlone(spec: CalicoRule, at: At): void {
  checkPorts(spec, at);
  checkIcmp(spec, at);
  checkFamilies(spec, at);
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
