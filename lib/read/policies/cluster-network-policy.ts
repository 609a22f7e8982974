import type { Action, Policy, PortMatch, Rule, Traffic } from '../../model/policy';
import { type At, complain, inside } from '../schema/at';
import { resource } from '../schema/metadata';
import { portName, portNumber } from '../schema/names';
import {
  checked,
  closedObject,
  integer,
  list,
  mapped,
  oneOf,
  type Read,
  type Shape,
  text,
} from '../schema/shape';
import {
  type AdminPeer,
  adminSubject,
  egressPeer,
  exactlyOne,
  ingressPeer,
  MAX_ITEMS,
  selectedPods,
  toAdminPeers,
} from './admin-peer';

const range = checked(
  closedObject({ required: { start: portNumber, end: portNumber } }),
  ({ start, end }, at) => {
    if (start < end) return;
    complain(
      inside(at, 'end'),
      `${end} is not above ${start}`,
      'make end the larger, or use number',
    );
  },
);

const port = exactlyOne(closedObject({ optional: { number: portNumber, range } }), 'number, range');
const withPort = closedObject({ required: { destinationPort: port } });

const protocol = exactlyOne(
  closedObject({
    optional: { tcp: withPort, udp: withPort, sctp: withPort, destinationNamedPort: portName },
  }),
  'tcp, udp, sctp, destinationNamedPort',
);

const name = text((value) =>
  value.length <= 100 ? undefined : { problem: 'the name is too long', fix: 'use 100 characters' },
);

const action = oneOf('Accept', 'Deny', 'Pass');
const protocols = list(protocol, MAX_ITEMS);

const ingressRule = closedObject({
  required: { action, from: list(ingressPeer, MAX_ITEMS) },
  optional: { name, protocols },
});

const egressRule = checked(
  closedObject({
    required: { action, to: list(egressPeer, MAX_ITEMS) },
    optional: { name, protocols },
  }),
  checkEgress,
);

const spec = closedObject({
  required: {
    tier: oneOf('Admin', 'Baseline'),
    priority: integer(0, 1000),
    subject: adminSubject,
  },
  optional: { ingress: list(ingressRule, MAX_ITEMS), egress: list(egressRule, MAX_ITEMS) },
});

/**
 * `policy.networking.k8s.io/v1alpha2` ClusterNetworkPolicy, in the tier where Calico keeps it
 * (policy-semantics: order = priority, a direction is claimed only where it has rules).
 */
export const clusterNetworkPolicy: Shape<Policy> = mapped(
  resource(spec),
  ({ metadata, spec: { tier, priority, subject, ingress = [], egress = [] } }, at) => {
    checkPeers(ingress, { at: inside(inside(at, 'spec'), 'ingress'), field: 'from' });
    checkPeers(egress, { at: inside(inside(at, 'spec'), 'egress'), field: 'to' });
    return {
      kind: 'ClusterNetworkPolicy',
      name: metadata.name,
      tier: tier === 'Admin' ? 'kube-admin' : 'kube-baseline',
      order: priority,
      staged: 'no',
      subject: selectedPods(subject),
      hook: 'normal',
      ingress: ingress.length === 0 ? undefined : ingress.map((rule, i) => toRule(rule, i)),
      egress: egress.length === 0 ? undefined : egress.map((rule, i) => toRule(rule, i)),
    };
  },
);

interface AdminRule {
  readonly action: 'Accept' | 'Allow' | 'Deny' | 'Pass';
  readonly from?: readonly AdminPeer[];
  readonly to?: readonly AdminPeer[];
  readonly protocols?: readonly Read<typeof protocol>[];
}

const ACTIONS: Readonly<Record<AdminRule['action'], Action>> = {
  Accept: 'allow',
  Allow: 'allow',
  Deny: 'deny',
  Pass: 'pass',
};

function toRule(rule: AdminRule, index: number): Rule {
  const { from, to, protocols: given = [] } = rule;
  return {
    index,
    action: ACTIONS[rule.action],
    source: from === undefined ? 'any' : toAdminPeers(from),
    destination: to === undefined ? 'any' : toAdminPeers(to),
    traffic: given.length === 0 ? 'any' : given.map(toTraffic),
  };
}

function toTraffic({
  tcp,
  udp,
  sctp,
  destinationNamedPort: named,
}: Read<typeof protocol>): Traffic {
  const match = (one: Read<typeof withPort> | undefined): readonly PortMatch[] | undefined => {
    const { number, range: many } = one?.destinationPort ?? {};
    if (number !== undefined) return [{ first: number, last: number }];
    return many === undefined ? undefined : [{ first: many.start, last: many.end }];
  };
  const ports = match(tcp) ?? match(udp) ?? match(sctp);
  const other = udp === undefined ? 'SCTP' : 'UDP';
  const only = tcp === undefined ? other : 'TCP';
  return {
    protocol: ports === undefined ? 'any' : only,
    destinationPorts: ports ?? (named === undefined ? 'any' : [{ name: named }]),
    sourcePorts: 'any',
  };
}

/** `from` and `to` must name a peer: an empty list is not "any" here. */
export function checkPeers(
  rules: readonly { readonly from?: readonly unknown[]; readonly to?: readonly unknown[] }[],
  { at, field }: { readonly at: At; readonly field: 'from' | 'to' },
): void {
  for (const [i, rule] of rules.entries()) {
    if ((rule[field] ?? []).length > 0) continue;
    const place = inside(inside(at, i), field);
    complain(place, `${field} is empty`, `name a peer: an empty ${field} is not "any" here`);
  }
}

interface EgressRule {
  readonly action: AdminRule['action'];
  readonly to: readonly AdminPeer[];
  readonly protocols?: readonly Read<typeof protocol>[];
}

/** What only some peers allow (the CRD's own validation rules). */
function checkEgress(rule: EgressRule, at: At): void {
  const named = rule.protocols?.some((one) => one.destinationNamedPort !== undefined) ?? false;
  for (const [i, peer] of rule.to.entries()) {
    const place = inside(inside(at, 'to'), i);
    const { networks, nodes, domainNames } = peer;
    if (named && (networks ?? nodes ?? domainNames) !== undefined) {
      complain(place, 'only pods have named ports', 'write the number of the port');
    }
    if (domainNames !== undefined && rule.action !== 'Accept' && rule.action !== 'Allow') {
      complain(place, `domainNames stands in a rule that says ${rule.action}`, 'use networks');
    }
  }
}
