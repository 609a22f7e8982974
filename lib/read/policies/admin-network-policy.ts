import type { Action, Policy, Rule, Traffic } from '../../model/policy';
import { complain, inside } from '../schema/at';
import { resource } from '../schema/metadata';
import { portName, portNumber, portProtocol } from '../schema/names';
import { BAD } from '../schema/refusal';
import {
  anything,
  checked,
  closedObject,
  integer,
  list,
  mapped,
  oneOf,
  type Read,
  type Shape,
} from '../schema/shape';
import {
  type AdminPeer,
  adminSubject,
  egressPeer,
  exactlyOne,
  ingressPeer,
  selectedPods,
  toAdminPeers,
} from './admin-peer';
import { checkPeers } from './cluster-network-policy';

/** Most rules and ports of the v1alpha1 kinds. */
const MAX_RULES = 100;

const port = exactlyOne(
  closedObject({
    optional: {
      portNumber: closedObject({
        required: { port: portNumber },
        optional: { protocol: portProtocol },
      }),
      portRange: checked(
        closedObject({
          required: { start: portNumber, end: portNumber },
          optional: { protocol: portProtocol },
        }),
        ({ start, end }, at) => {
          if (start >= end)
            complain(inside(at, 'end'), `${end} is not above ${start}`, 'swap them');
        },
      ),
      namedPort: portName,
    },
  }),
  'portNumber, portRange, namedPort',
);

const rules = <A extends 'Allow' | 'Deny' | 'Pass'>(action: Shape<A>) => ({
  ingress: list(
    closedObject({
      required: { action, from: list(ingressPeer, MAX_RULES) },
      optional: { name: anything, ports: list(port, MAX_RULES) },
    }),
    MAX_RULES,
  ),
  egress: list(
    closedObject({
      required: { action, to: list(egressPeer, MAX_RULES) },
      optional: { name: anything, ports: list(port, MAX_RULES) },
    }),
    MAX_RULES,
  ),
});

const adminSpec = closedObject({
  required: { priority: integer(0, 1000), subject: adminSubject },
  optional: rules(oneOf('Allow', 'Deny', 'Pass')),
});

const baselineSpec = closedObject({
  required: { subject: adminSubject },
  optional: rules(oneOf('Allow', 'Deny')),
});

/** `policy.networking.k8s.io/v1alpha1` AdminNetworkPolicy: like an Admin ClusterNetworkPolicy. */
export const adminNetworkPolicy: Shape<Policy> = mapped(
  resource(adminSpec),
  ({ metadata, spec }, at) => {
    const before = at.report.problems.length;
    checkPeers(spec.ingress ?? [], { at: inside(inside(at, 'spec'), 'ingress'), field: 'from' });
    checkPeers(spec.egress ?? [], { at: inside(inside(at, 'spec'), 'egress'), field: 'to' });
    return at.report.problems.length > before
      ? BAD
      : {
          kind: 'AdminNetworkPolicy',
          name: metadata.name,
          tier: 'kube-admin',
          order: spec.priority,
          ...common(spec),
        };
  },
);

/** Order of the one BaselineAdminNetworkPolicy: it has no priority (Calico: conversion.go). */
const BASELINE_ORDER = 1000;

/** `policy.networking.k8s.io/v1alpha1` BaselineAdminNetworkPolicy: one, and named `default`. */
export const baselineAdminNetworkPolicy: Shape<Policy> = mapped(
  resource(baselineSpec),
  ({ metadata, spec }, at) => {
    if (metadata.name !== 'default') {
      const place = inside(inside(at, 'metadata'), 'name');
      complain(place, `'${metadata.name}' is not its name`, 'write default: there is only one');
      return BAD;
    }
    return {
      kind: 'BaselineAdminNetworkPolicy',
      name: metadata.name,
      tier: 'kube-baseline',
      order: BASELINE_ORDER,
      ...common(spec),
    };
  },
);

interface AdminRule {
  readonly action: 'Allow' | 'Deny' | 'Pass';
  readonly from?: readonly AdminPeer[];
  readonly to?: readonly AdminPeer[];
  readonly ports?: readonly Read<typeof port>[];
}

interface Spec {
  readonly subject: Read<typeof adminSubject>;
  readonly ingress?: readonly AdminRule[];
  readonly egress?: readonly AdminRule[];
}

const common = ({ subject, ingress = [], egress = [] }: Spec) =>
  ({
    staged: 'no',
    subject: selectedPods(subject),
    hook: 'normal',
    ingress: ingress.length === 0 ? undefined : ingress.map(toRule),
    egress: egress.length === 0 ? undefined : egress.map(toRule),
  }) as const;

const ACTIONS: Readonly<Record<AdminRule['action'], Action>> = {
  Allow: 'allow',
  Deny: 'deny',
  Pass: 'pass',
};

const toRule = ({ action, from, to, ports = [] }: AdminRule, index: number): Rule => ({
  index,
  action: ACTIONS[action],
  source: from === undefined ? 'any' : toAdminPeers(from),
  destination: to === undefined ? 'any' : toAdminPeers(to),
  traffic: ports.length === 0 ? 'any' : ports.map(toTraffic),
});

/** A number or range is of TCP unless it says otherwise; a name brings its protocol. */
function toTraffic({ portNumber: one, portRange: many, namedPort }: Read<typeof port>): Traffic {
  const range = one === undefined ? many : { start: one.port, end: one.port };
  const { protocol = 'TCP' } = one ?? many ?? {};
  if (range === undefined) {
    const ports = namedPort === undefined ? 'any' : [{ name: namedPort }];
    return { protocol: 'any', destinationPorts: ports, sourcePorts: 'any' };
  }
  const ports = [{ first: range.start, last: range.end }];
  return { protocol, destinationPorts: ports, sourcePorts: 'any' };
}
