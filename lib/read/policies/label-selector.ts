import {
  ALL,
  NAMESPACE_LABEL,
  NAMESPACE_PREFIX,
  ORCHESTRATOR_LABEL,
  type Selector,
} from '../../model/selector';
import { type At, complain, inside } from '../schema/at';
import { checkLabelKey, checkLabelValue, labels } from '../schema/names';
import { checked, closedObject, list, oneOf, type Read, text } from '../schema/shape';

const requirement = checked(
  closedObject({
    required: {
      key: text(checkLabelKey),
      operator: oneOf('In', 'NotIn', 'Exists', 'DoesNotExist'),
    },
    optional: { values: list(text(checkLabelValue)) },
  }),
  checkValues,
);

/** Kubernetes' `LabelSelector`; `{}` selects everything. */
export const labelSelector = closedObject({
  optional: { matchLabels: labels, matchExpressions: list(requirement) },
});

export type LabelSelector = Read<typeof labelSelector>;

/** k8s: pkg/apis/meta/v1/validation ValidateLabelSelectorRequirement. */
function checkValues(
  value: { readonly operator: string; readonly values?: readonly string[] },
  at: At,
): void {
  const count = value.values?.length ?? 0;
  const needs = value.operator === 'In' || value.operator === 'NotIn';
  const place = inside(at, 'values');
  if (needs && count === 0) complain(place, `${value.operator} needs values`, 'list at least one');
  if (!needs && count > 0) complain(place, `${value.operator} takes no values`, 'remove values');
}

/**
 * A label selector as a predicate on the label view. `prefix` is where the labels stand there:
 * none for an object's own, `NAMESPACE_PREFIX` for its namespace's.
 */
export function toSelector(selector: LabelSelector, prefix = ''): Selector {
  const equalities = Object.entries(selector.matchLabels ?? {}).map(
    ([key, value]): Selector => ({ kind: 'equals', label: prefix + key, value }),
  );
  const expressions = (selector.matchExpressions ?? []).map((one) => toTest(one, prefix));
  return all([...equalities, ...expressions]);
}

function toTest(
  { key, operator, values = [] }: Read<typeof requirement>,
  prefix: string,
): Selector {
  const label = prefix + key;
  switch (operator) {
    case 'In':
      return { kind: 'in', label, values };
    case 'NotIn':
      return { kind: 'not-in', label, values };
    case 'Exists':
      return { kind: 'has', label };
    case 'DoesNotExist':
      return { kind: 'not', operand: { kind: 'has', label } };
  }
}

/** Every one of these; nested conjunctions are flattened and `all` is dropped. */
export function all(selectors: readonly Selector[]): Selector {
  const operands = selectors
    .filter(({ kind }) => kind !== 'all')
    .flatMap((selector) => (selector.kind === 'and' ? selector.operands : [selector]));
  const [only] = operands;
  if (only === undefined) return ALL;
  return operands.length === 1 ? only : { kind: 'and', operands };
}

const isPod: Selector = { kind: 'equals', label: ORCHESTRATOR_LABEL, value: 'k8s' };

/** Whatever lives in this namespace. */
export const inNamespace = (namespace: string): Selector => ({
  kind: 'equals',
  label: NAMESPACE_LABEL,
  value: namespace,
});

/** Pods of one namespace, as `podSelector` selects them. */
export const podsIn = (namespace: string, selector: LabelSelector): Selector =>
  all([isPod, inNamespace(namespace), toSelector(selector)]);

/** Pods by their namespace's labels and their own, as `namespaceSelector` selects them. */
export const podsWhere = (namespaces: LabelSelector, pods: LabelSelector): Selector =>
  all([isPod, toSelector(namespaces, NAMESPACE_PREFIX), toSelector(pods)]);
