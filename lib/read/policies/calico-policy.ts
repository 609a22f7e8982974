import type { Policy, PolicyHook } from '../../model/policy';
import { ALL, type Selector } from '../../model/selector';
import { type At, complain, inside } from '../schema/at';
import { type Metadata, resource } from '../schema/metadata';
import { dnsLabel } from '../schema/names';
import { BAD } from '../schema/refusal';
import {
  closedObject,
  decimal,
  flag,
  list,
  mapped,
  oneOf,
  type Read,
  type Shape,
} from '../schema/shape';
import { ANY_ACCOUNT, calicoSelector, inNamespaces, ofServiceAccounts } from './calico-entity';
import { calicoRule, toRule } from './calico-rule';
import { checkRule, type Standing } from './calico-rule-check';
import type { CalicoRule } from './calico-rule-shape';
import { all, inNamespace } from './label-selector';
import { networkPolicyRules, networkPolicySpec } from './network-policy';

/** Most rules of one policy and direction (v3.33, CEL). */
const MAX_RULES = 1024;

const types = list(oneOf('Ingress', 'Egress'), 2);
const stagedAction = oneOf('Set', 'Delete', 'Learn', 'Ignore');

const common = {
  tier: dnsLabel,
  order: decimal,
  types,
  ingress: list(calicoRule, MAX_RULES),
  egress: list(calicoRule, MAX_RULES),
  performanceHints: list(oneOf('AssumeNeededOnEveryNode')),
} as const;

const global = {
  ...common,
  doNotTrack: flag,
  preDNAT: flag,
  applyOnForward: flag,
} as const;

/** An empty selector is none: the policy applies to everything in its scope. */
const selectors = { selector: calicoSelector, serviceAccountSelector: calicoSelector } as const;
const globalSelectors = { ...selectors, namespaceSelector: calicoSelector } as const;

const spec = closedObject({ optional: common, omitEmpty: selectors });
const stagedSpec = closedObject({ optional: { ...common, stagedAction }, omitEmpty: selectors });
const globalSpec = closedObject({ optional: global, omitEmpty: globalSelectors });
const stagedGlobalSpec = closedObject({
  optional: { ...global, stagedAction },
  omitEmpty: globalSelectors,
});

type Spec = Read<typeof stagedGlobalSpec>;

/** A policy's name, scope and what its specification says, before it is a `Policy`. */
interface Draft {
  readonly kind: Policy['kind'];
  readonly metadata: Metadata;
  /** Absent for the global kinds. */
  readonly namespace?: string;
  readonly spec: Spec;
}

/** `projectcalico.org/v3` NetworkPolicy. */
export const calicoNetworkPolicy: Shape<Policy> = mapped(resource(spec), (read, at) =>
  toPolicy(namespaced('CalicoNetworkPolicy', read), at),
);

/** `projectcalico.org/v3` StagedNetworkPolicy: shown as if enforced, never enforced. */
export const stagedNetworkPolicy: Shape<Policy> = mapped(resource(stagedSpec), (read, at) =>
  toStaged(namespaced('StagedNetworkPolicy', read), at),
);

/** `projectcalico.org/v3` GlobalNetworkPolicy. */
export const globalNetworkPolicy: Shape<Policy> = mapped(resource(globalSpec), (read, at) =>
  toPolicy({ kind: 'GlobalNetworkPolicy', ...read }, at),
);

/** `projectcalico.org/v3` StagedGlobalNetworkPolicy. */
export const stagedGlobalNetworkPolicy: Shape<Policy> = mapped(
  resource(stagedGlobalSpec),
  (read, at) => toStaged({ kind: 'StagedGlobalNetworkPolicy', ...read }, at),
);

/** `projectcalico.org/v3` StagedKubernetesNetworkPolicy: Kubernetes' rules, tier `default`. */
export const stagedKubernetesNetworkPolicy: Shape<Policy> = (value, at) => {
  const outer = stagedKubernetes(value, at);
  if (outer === BAD) return BAD;
  const { metadata, spec: inner } = outer;
  const { stagedAction: action = 'Set', ...rest } = inner;
  if (action === 'Delete') emptyOnDelete(rest, at);
  return {
    kind: 'StagedKubernetesNetworkPolicy',
    namespace: metadata.namespace,
    name: metadata.name,
    staged: STAGED[action],
    ...networkPolicyRules(metadata.namespace, rest),
    ...(action === 'Delete' && { ingress: undefined, egress: undefined }),
  };
};

/** The one field that Calico adds to Kubernetes' specification is read apart from it. */
const stagedKubernetes = resource<
  Read<typeof networkPolicySpec> & { readonly stagedAction?: Read<typeof stagedAction> }
>((value, at) => {
  const { stagedAction: action, ...rest } = { ...(value as object) } as Record<string, unknown>;
  const read = networkPolicySpec(rest, at);
  const staged = action === undefined ? 'Set' : stagedAction(action, inside(at, 'stagedAction'));
  return read === BAD || staged === BAD ? BAD : { ...read, stagedAction: staged };
});

const STAGED = { Set: 'set', Delete: 'delete', Learn: 'ignore', Ignore: 'ignore' } as const;

const namespaced = (
  kind: Policy['kind'],
  read: { readonly metadata: Metadata; readonly spec: Read<typeof stagedSpec> },
): Draft => ({ kind, namespace: read.metadata.namespace, ...read });

function toStaged(draft: Draft, at: At): Policy | typeof BAD {
  const { stagedAction: action = 'Set', ...rest } = draft.spec;
  if (action !== 'Delete') {
    const policy = toPolicy({ ...draft, spec: rest }, at);
    return policy === BAD ? BAD : { ...policy, staged: STAGED[action] };
  }
  emptyOnDelete(rest, at);
  const policy = toPolicy({ ...draft, spec: { tier: rest.tier } }, at);
  return policy === BAD
    ? BAD
    : { ...policy, staged: 'delete', ingress: undefined, egress: undefined };
}

/** What is to be deleted needs no rules, and may have none but its tier (validator.go). */
function emptyOnDelete(spec: object, at: At): void {
  const fields = Object.entries(spec).filter(
    ([key, value]) => key !== 'tier' && value !== undefined,
  );
  for (const [field] of fields) {
    const place = inside(inside(at, 'spec'), field);
    complain(place, `${field} stands beside stagedAction: Delete`, 'remove it');
  }
}

function toPolicy(draft: Draft, at: At): Policy | typeof BAD {
  const { kind, metadata, namespace, spec: read } = draft;
  const { ingress = [], egress = [] } = read;
  const before = at.report.problems.length;
  checkDraft(draft, inside(at, 'spec'));
  if (at.report.problems.length !== before) return BAD;
  const claims = claimed(read);
  const rules = (list: readonly CalicoRule[]) =>
    list.map((rule, index) => toRule(rule, { index, namespace }));
  return {
    kind,
    ...(namespace !== undefined && { namespace }),
    name: metadata.name,
    tier: read.tier ?? 'default',
    order: read.order ?? Number.POSITIVE_INFINITY,
    staged: 'no',
    subject: subjectOf(draft),
    hook: hookOf(read),
    ingress: claims.includes('Ingress') ? rules(ingress) : undefined,
    egress: claims.includes('Egress') ? rules(egress) : undefined,
  };
}

/** By the length of the lists, not by their presence (api/pkg/defaults/networkpolicy.go). */
function claimed({ types: given = [], ingress = [], egress = [] }: Spec): readonly string[] {
  if (given.length > 0) return given;
  if (egress.length === 0) return ['Ingress'];
  return ingress.length === 0 ? ['Egress'] : ['Ingress', 'Egress'];
}

function subjectOf({ namespace, spec: read }: Draft): Selector {
  const { selector, namespaceSelector, serviceAccountSelector } = read;
  const accounts = namespace === undefined ? ANY_ACCOUNT : ALL;
  return all([
    ...(namespace === undefined ? [] : [inNamespace(namespace)]),
    ...(namespaceSelector === undefined ? [] : [inNamespaces(namespaceSelector)]),
    ...(selector === undefined ? [] : [selector]),
    ...(serviceAccountSelector === undefined
      ? []
      : [ofServiceAccounts(serviceAccountSelector, accounts)]),
  ]);
}

function hookOf({ doNotTrack, preDNAT, applyOnForward }: Spec): PolicyHook {
  if (doNotTrack === true) return 'untracked';
  if (preDNAT === true) return 'pre-dnat';
  return applyOnForward === true ? 'apply-on-forward' : 'normal';
}

function checkDraft({ namespace, spec: read }: Draft, at: At): void {
  const { doNotTrack, preDNAT, applyOnForward, egress = [], types: given = [] } = read;
  if (doNotTrack === true && preDNAT === true) {
    complain(inside(at, 'preDNAT'), 'preDNAT and doNotTrack exclude each other', 'drop one');
  }
  if (preDNAT === true && (egress.length > 0 || given.includes('Egress'))) {
    const place = inside(at, egress.length > 0 ? 'egress' : 'types');
    complain(place, 'a preDNAT policy has no egress', 'leave egress out');
  }
  if ((doNotTrack === true || preDNAT === true) && applyOnForward !== true) {
    const problem = 'applyOnForward is not true beside preDNAT or doNotTrack';
    complain(inside(at, 'applyOnForward'), problem, 'write applyOnForward: true');
  }
  if (given.length === 2 && given[0] === given[1]) {
    complain(inside(at, 'types'), `${given[0]} is written twice`, 'remove one of the two');
  }
  for (const direction of ['ingress', 'egress'] satisfies Standing['direction'][]) {
    for (const [index, rule] of (read[direction] ?? []).entries()) {
      const place = inside(inside(at, direction), index);
      checkRule(rule, { index, namespace, direction }, place);
    }
  }
}
