import { familyOf } from '../../model/address';
import type { Peer, PortMatch, Rule } from '../../model/policy';
import {
  NAMESPACE_LABEL,
  NAMESPACE_PREFIX,
  SERVICE_ACCOUNT_PREFIX,
  type Selector,
} from '../../model/selector';
import { type At, complain, inside } from '../schema/at';
import { cidrBlock, dnsLabel, dnsSubdomain, portName } from '../schema/names';
import { refuse } from '../schema/refusal';
import {
  checked,
  closedObject,
  list,
  mapped,
  parsed,
  type Read,
  type Shape,
} from '../schema/shape';
import { all, inNamespace } from './label-selector';
import { parseSelector } from './selector';

/** Limits of Calico's kinds (v3.33, CEL). */
const MAX_NETS = 256;
const MAX_PORTS = 50;

/** A selector in Calico's language; `global()` is no part of it but where it is allowed. */
export const calicoSelector: Shape<Selector> = mapped(
  parsed<Selector>(parseSelector),
  (selector, at) =>
    mentionsGlobal(selector)
      ? refuse(at, 'global() stands outside a namespaceSelector of a rule', 'leave it out')
      : selector,
);

/** Only here `global()` may stand, and only alone. */
const namespaceSelector: Shape<Selector> = mapped(
  parsed<Selector>(parseSelector),
  (selector, at) =>
    selector.kind !== 'global' && mentionsGlobal(selector)
      ? refuse(at, 'global() is combined with another selector', 'let it stand alone')
      : selector,
);

function mentionsGlobal(selector: Selector): boolean {
  if (selector.kind === 'and' || selector.kind === 'or') {
    return selector.operands.some(mentionsGlobal);
  }
  return selector.kind === 'not' ? mentionsGlobal(selector.operand) : selector.kind === 'global';
}

/** A port: `80`, `"80:90"` (inclusive) or a name (numorstring.Port). */
const port: Shape<PortMatch> = (value, at) => {
  const text = String(value);
  const [, first, last = first] = /^(\d{1,5})(?::(\d{1,5}))?$/.exec(text) ?? [];
  if (first === undefined || (typeof value !== 'number' && typeof value !== 'string')) {
    const name = portName(value, at);
    return typeof name === 'string' ? { name } : name;
  }
  const range = { first: Number(first), last: Number(last) };
  if (range.last > 65535 || range.first > range.last) {
    return refuse(at, `${text} is no range of ports`, 'use 0 to 65535, the smaller number first');
  }
  return range;
};

const serviceAccounts = closedObject({
  optional: { names: list(dnsSubdomain) },
  omitEmpty: { selector: calicoSelector },
});

const entity = closedObject({
  optional: {
    nets: list(cidrBlock, MAX_NETS),
    notNets: list(cidrBlock, MAX_NETS),
    serviceAccounts,
    services: closedObject({ required: { name: dnsLabel }, optional: { namespace: dnsLabel } }),
    ports: list(port, MAX_PORTS),
    notPorts: list(port, MAX_PORTS),
  },
  // An empty selector says nothing: it is not `all()`.
  omitEmpty: { selector: calicoSelector, notSelector: calicoSelector, namespaceSelector },
});

/** One side of a Calico rule (`EntityRule`). */
export type Entity = Read<typeof entity>;

/** `source` or `destination` of a Calico rule. */
export const entityRule: Shape<Entity> = checked(entity, (value: Entity, at: At) => {
  const { services, nets = [], notNets = [] } = value;
  for (const [i, net] of notNets.entries()) {
    if (net.prefix > 0) continue;
    const place = inside(inside(at, 'notNets'), i);
    complain(place, 'it takes away every address', 'name a smaller block, or drop the rule');
  }
  if (services === undefined) return;
  const beside = (['namespaceSelector', 'selector', 'notSelector', 'serviceAccounts'] as const)
    .filter((field) => value[field] !== undefined)
    .concat(nets.length > 0 ? (['nets'] as never[]) : [])
    .concat(notNets.length > 0 ? (['notNets'] as never[]) : []);
  for (const field of beside) {
    complain(inside(at, field), `${field} stands beside services`, 'make two rules of it');
  }
});

/** The families of the blocks an entity names. */
export const familiesOf = ({ nets = [], notNets = [] }: Entity): readonly (4 | 6)[] =>
  [...nets, ...notNets].map((net) => familyOf(net.address));

/** Whom an entity means, in a policy of this namespace (`undefined`: in a global one). */
export function toPeers(entity: Entity, namespace: string | undefined): Rule['source'] {
  const { nets = [], notNets = [], notSelector, services } = entity;
  const selector = scopedSelector(entity, namespace);
  const peer: Peer = {
    ...(selector !== undefined && { selector: joined(selector, notSelector) }),
    ...(selector === undefined && notSelector !== undefined && { notSelector }),
    ...(nets.length > 0 && { nets }),
    ...(notNets.length > 0 && { notNets }),
    ...(services !== undefined && {
      service: { name: services.name, namespace: services.namespace ?? namespace ?? 'default' },
    }),
  };
  return Object.keys(peer).length === 0 ? 'any' : [peer];
}

/**
 * Felix joins what is selected and what is not into one selector (felix/calc/rule_scanner.go:
 * combineMatchesIfPossible), so it is one endpoint or set that must satisfy both.
 */
const joined = (selector: Selector, not: Selector | undefined): Selector =>
  not === undefined ? selector : all([selector, { kind: 'not', operand: not }]);

/**
 * The endpoints and sets an entity selects, or `undefined` where it asks for none. In a namespaced
 * policy any selector, also a negated one, looks only into the policy's own namespace unless a
 * namespaceSelector says where to look (updateprocessors/rules.go: GetEntityRuleSelector).
 */
function scopedSelector(entity: Entity, namespace: string | undefined): Selector | undefined {
  const { selector, notSelector, serviceAccounts: accounts, namespaceSelector: where } = entity;
  const wanted = [
    ...(isEmptyAccounts(accounts) ? [] : [accountSelector(accounts)]),
    ...(selector === undefined ? [] : [selector]),
  ];
  const asks = wanted.length > 0 || notSelector !== undefined || where !== undefined;
  const home = namespace !== undefined && asks ? [inNamespace(namespace)] : [];
  const scope = where === undefined ? home : [inNamespaces(where)];
  if (wanted.length === 0 && scope.length === 0) return undefined;
  // `all()` means every known endpoint and set: it must not vanish, as no selector means anybody.
  return all([...scope, ...wanted]);
}

/** A namespaceSelector of Calico as a predicate on the label view: `all()` is "in a namespace". */
export const inNamespaces = (selector: Selector): Selector =>
  relabelled(selector, { prefix: NAMESPACE_PREFIX, all: { kind: 'has', label: NAMESPACE_LABEL } });

/** A selector of service accounts as a predicate on the label view. */
export const ofServiceAccounts = (selector: Selector, every: Selector): Selector =>
  relabelled(selector, { prefix: SERVICE_ACCOUNT_PREFIX, all: every });

const ACCOUNT_LABEL = 'projectcalico.org/serviceaccount';

/** What `all()` means in a policy's own serviceAccountSelector (globalnetworkpolicyprocessor.go). */
export const ANY_ACCOUNT: Selector = { kind: 'has', label: ACCOUNT_LABEL };

type ServiceAccountMatch = Read<typeof serviceAccounts>;

const isEmptyAccounts = (accounts: ServiceAccountMatch | undefined): accounts is undefined =>
  accounts === undefined ||
  ((accounts.names ?? []).length === 0 && accounts.selector === undefined);

function accountSelector({ names = [], selector }: ServiceAccountMatch): Selector {
  return all([
    ...(selector === undefined ? [] : [ofServiceAccounts(selector, { kind: 'all' })]),
    ...(names.length > 0 ? [{ kind: 'in', label: ACCOUNT_LABEL, values: names } as const] : []),
  ]);
}

interface View {
  readonly prefix: string;
  readonly all: Selector;
}

/** The same selector over prefixed labels. */
function relabelled(selector: Selector, view: View): Selector {
  switch (selector.kind) {
    case 'all':
      return view.all;
    case 'global':
      return selector;
    case 'not':
      return { kind: 'not', operand: relabelled(selector.operand, view) };
    case 'and':
    case 'or': {
      const operands = selector.operands.map((operand) => relabelled(operand, view));
      return { kind: selector.kind, operands };
    }
    default:
      return { ...selector, label: view.prefix + selector.label };
  }
}
