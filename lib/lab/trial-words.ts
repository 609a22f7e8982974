import type { Act, SolutionTrial, WrongKind, WrongSolution } from './trial';

// The words that trials are written in.

/** A wrong solution, and why it is wrong. */
export const mistake = (
  kind: WrongKind,
  because: string,
  ...acts: readonly Act[]
): WrongSolution => ({ kind, because, acts });

/** A right solution that differs from the reference. */
export const alternative = (because: string, ...acts: readonly Act[]): SolutionTrial => ({
  because,
  acts,
});

/** The same trial against the fault that this seed draws. */
export const drawn = <T extends SolutionTrial>(seed: number, trial: T): T => ({ ...trial, seed });

/** The lab moves to a stage. */
export const entering = (stage: string): Act => ({ kind: 'stage', stage });

/** Objects are applied, in one file. */
export const applying = (...objects: readonly object[]): Act => ({
  kind: 'apply',
  manifests: objects.map((object) => JSON.stringify(object)).join('\n---\n'),
});

/** Resources of the VPC are added, changed or (`null`) removed, in one template. */
export const patching = (resources: Readonly<Record<string, object | null>>): Act => ({
  kind: 'patch',
  template: JSON.stringify({ Resources: resources }),
});

/** Lines are typed in one machine. */
export const typing = (machine: string, ...lines: readonly string[]): Act => ({
  kind: 'type',
  lines: lines.map((run) => ({ in: machine, run })),
});

/** A NetworkPolicy named `namespace/name`. */
export const netpol = (path: string, spec: object): object =>
  object('networking.k8s.io/v1', 'NetworkPolicy', { path, spec });

/** A policy of Calico named `namespace/name`; `kind` is NetworkPolicy unless said otherwise. */
export const calicoPolicy = (path: string, spec: object, kind = 'NetworkPolicy'): object =>
  object('projectcalico.org/v3', kind, { path, spec });

/** A Service named `namespace/name`. */
export const service = (path: string, spec: object): object =>
  object('v1', 'Service', { path, spec });

/** A cluster-wide or namespaced object. */
function object(
  apiVersion: string,
  kind: string,
  { path, spec }: { readonly path: string; readonly spec: object },
): object {
  const [first = '', second] = path.split('/');
  const metadata = second === undefined ? { name: first } : { namespace: first, name: second };
  return { apiVersion, kind, metadata, spec };
}

const BOTH = ['Ingress', 'Egress'];

/** Every pod of a namespace may leave to anywhere. */
export const leavesAnywhere = (namespace: string): object =>
  netpol(`${namespace}/anywhere`, { podSelector: {}, policyTypes: ['Egress'], egress: [{}] });

/** Every pod of a namespace may be entered from anywhere. */
export const enteredFromAnywhere = (namespace: string): object =>
  netpol(`${namespace}/from-anywhere`, {
    podSelector: {},
    policyTypes: ['Ingress'],
    ingress: [{}],
  });

/** Pods of a namespace reach each other on every port. */
export const openWithin = (namespace: string): object => {
  const peers = [{ podSelector: {} }];
  return netpol(`${namespace}/within`, {
    podSelector: {},
    policyTypes: BOTH,
    ingress: [{ from: peers }],
    egress: [{ to: peers }],
  });
};

/** Calico says of a namespace's pods what comes before (or, by its order, after) every other policy. */
const calicoFirst = (name: string, namespace: string, spec: object): object =>
  calicoPolicy(
    name,
    { order: 1, selector: `projectcalico.org/namespace == '${namespace}'`, ...spec },
    'GlobalNetworkPolicy',
  );

const DENY = [{ action: 'Deny' }];

/** Calico closes UDP 53 for the pods of a namespace. */
export const cutsNames = (namespace: string): object =>
  calicoFirst('cut-names', namespace, {
    types: ['Egress'],
    egress: [{ action: 'Deny', protocol: 'UDP', destination: { ports: [53] } }, { action: 'Pass' }],
  });

/** Calico closes a namespace in both directions. */
export const closes = (namespace: string): object =>
  calicoFirst('close', namespace, { types: BOTH, ingress: DENY, egress: DENY });

/** Calico closes what enters a namespace. */
export const closesEntering = (namespace: string): object =>
  calicoFirst('close-entering', namespace, { types: ['Ingress'], ingress: DENY });

/** Calico closes what leaves a namespace. */
export const closesLeaving = (namespace: string): object =>
  calicoFirst('close-leaving', namespace, { types: ['Egress'], egress: DENY });

/** Calico denies, after all others, what the policies of isolated pods did not admit. */
export const deniesAtLast = (namespace: string): object =>
  calicoFirst('deny-at-last', namespace, { order: 9999, types: BOTH, ingress: DENY, egress: DENY });

/** Isolates every pod of a namespace in these directions. */
export const isolates = (namespace: string, ...types: readonly string[]): object =>
  netpol(`${namespace}/isolate-${types.join('-').toLowerCase()}`, {
    podSelector: {},
    policyTypes: types,
  });

/** Everything the reference does, and a hole or a cut on top of it. */
export const beyond = (stage: string, ...objects: readonly object[]): readonly Act[] => [
  entering(stage),
  applying(...objects),
];

/** Mistakes that close too much, at a stage where pods of a namespace resolve names and are entered. */
export const closingMistakes = (namespace: string, stage: string): readonly WrongSolution[] => [
  mistake('too-closed', 'names no longer resolve', ...beyond(stage, cutsNames(namespace))),
  mistake('too-closed', 'no pod is reached', ...beyond(stage, closes(namespace))),
  mistake('one-direction', 'no pod is entered', ...beyond(stage, closesEntering(namespace))),
  mistake('one-direction', 'no pod may leave', ...beyond(stage, closesLeaving(namespace))),
];

/** Mistakes that open too much, at a stage where every pod of a namespace is isolated. */
export const openingMistakes = (namespace: string, stage: string): readonly WrongSolution[] => [
  mistake('too-open', 'every pod leaves to anywhere', ...beyond(stage, leavesAnywhere(namespace))),
  mistake(
    'too-open',
    'every pod is entered from anywhere',
    ...beyond(stage, enteredFromAnywhere(namespace)),
  ),
  mistake('half', 'pods reach each other on every port', ...beyond(stage, openWithin(namespace))),
];

/** Mistakes at a step that isolates every pod of a namespace in both directions. */
export const isolatingMistakes = (namespace: string, stage: string): readonly WrongSolution[] => [
  ...openingMistakes(namespace, stage),
  mistake('one-direction', 'leaving stays open', applying(isolates(namespace, 'Ingress'))),
  mistake('one-direction', 'entering stays open', applying(isolates(namespace, 'Egress'))),
];

/** Right solutions at a stage where NetworkPolicies isolate every pod: they add what changes nothing. */
export const isolatedAlternatives = (
  namespace: string,
  stage: string,
): readonly SolutionTrial[] => [
  alternative('what is not admitted is also denied', ...beyond(stage, deniesAtLast(namespace))),
  ...isolatedOnceMore(namespace, stage),
];

/** The same where policies of Calico without an order admit: they come after a denial of any order. */
export const isolatedOnceMore = (namespace: string, stage: string): readonly SolutionTrial[] => [
  alternative(
    'a policy for each direction isolates the pods once more',
    ...beyond(stage, isolates(namespace, 'Ingress'), isolates(namespace, 'Egress')),
  ),
];
