import type { Evidence } from '../model/explanation';
import type { Finding } from '../model/finding';
import { type Policy, policyName } from '../model/policy';
import { filterOf } from '../model/rule-name';
import {
  NAMESPACE_LABEL,
  NAMESPACE_PREFIX,
  ORCHESTRATOR_LABEL,
  type Selector,
} from '../model/selector';
import type { PodEndpoint, World } from '../model/world';
import type { PolicyRule } from './prepared';

/** A policy as a person finds it: its kind and its name. */
export const objectOf = (policy: Policy): string =>
  `${policy.kind === 'CalicoNetworkPolicy' ? 'NetworkPolicy (Calico)' : policy.kind} ${policyName(policy)}`;

/** The policy that evidence cites, as a person finds it. */
export function citedObject(evidence: Evidence, { policies }: World): string {
  const cited = policies.find(
    (policy) => filterOf(policy.kind) === evidence.filter && policyName(policy) === evidence.object,
  );
  return cited === undefined ? evidence.object : objectOf(cited);
}

/** A finding about a rule. */
export const about = (at: PolicyRule, finding: Omit<Finding, 'object' | 'rule'>): Finding => ({
  ...finding,
  object: objectOf(at.policy),
  rule: { direction: at.direction, index: at.rule.index },
});

export const podName = ({ namespace, name }: PodEndpoint): string => `${namespace}/${name}`;

/** What keeps a selector from host-network pods (NetworkPolicy: "hostNetwork pods"). */
export const hostPodsText = (pods: readonly PodEndpoint[]): string =>
  `${some(pods.map(podName))} has hostNetwork: policy sees the node, and no selector finds the pod`;

/** A few names, and how many more there are. */
export function some(names: readonly string[]): string {
  const unique = [...new Set(names)];
  const shown = unique.slice(0, 3).join(', ');
  return unique.length > 3 ? `${shown} and ${unique.length - 3} more` : shown;
}

/** A selector in short, without what the reader added to it: `app=web in namespace shop`. */
export function selectorText(selector: Selector): string {
  const tests = selector.kind === 'and' ? selector.operands : [selector];
  const own = tests.filter((test) => !isScope(test));
  const pods = own.filter((test) => !isOfNamespace(test)).map(testText);
  const namespaces = own.filter(isOfNamespace).map(testText);
  const home = homeOf(selector);
  return [
    pods.length === 0 ? 'every pod' : pods.join(' and '),
    ...(home === undefined ? [] : [`in namespace ${home}`]),
    ...(namespaces.length === 0 ? [] : [`in a namespace with ${namespaces.join(' and ')}`]),
  ].join(' ');
}

/** The one namespace that a selector is bound to, if it is. */
export function homeOf(selector: Selector): string | undefined {
  const tests = selector.kind === 'and' ? selector.operands : [selector];
  const home = tests.find((test) => test.kind === 'equals' && test.label === NAMESPACE_LABEL);
  return home?.kind === 'equals' ? home.value : undefined;
}

const isScope = (test: Selector): boolean =>
  'label' in test && (test.label === NAMESPACE_LABEL || test.label === ORCHESTRATOR_LABEL);

const isOfNamespace = (test: Selector): boolean =>
  'label' in test && test.label.startsWith(NAMESPACE_PREFIX);

function testText(test: Selector): string {
  if (!('label' in test))
    return test.kind === 'not' ? `not ${testText(test.operand)}` : 'its labels';
  const label = test.label.startsWith(NAMESPACE_PREFIX)
    ? test.label.slice(NAMESPACE_PREFIX.length)
    : test.label;
  switch (test.kind) {
    case 'has':
      return label;
    case 'equals':
      return `${label}=${test.value}`;
    case 'not-equals':
      return `${label} other than ${test.value}`;
    case 'in':
      return `${label} in ${test.values.join('|')}`;
    case 'not-in':
      return `${label} not in ${test.values.join('|')}`;
    case 'contains':
    case 'starts-with':
    case 'ends-with':
      return `${label} ${test.kind.replace('-', ' ')} ${test.value}`;
  }
}
