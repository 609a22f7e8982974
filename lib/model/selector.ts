/** Labels as the API server stores them: key to value. */
export type Labels = Readonly<Record<string, string>>;

/**
 * A predicate on labels, the one form that Kubernetes' and Calico's selectors are both read into.
 *
 * A missing label satisfies `not-equals` and `not-in` and nothing else (Kubernetes: label selector
 * requirements; Calico: selector/parser). `global` matches what lives in no namespace.
 */
export type Selector =
  | { readonly kind: 'all' }
  | { readonly kind: 'global' }
  | { readonly kind: 'has'; readonly label: string }
  | { readonly kind: 'equals' | 'not-equals'; readonly label: string; readonly value: string }
  | { readonly kind: 'in' | 'not-in'; readonly label: string; readonly values: readonly string[] }
  | {
      readonly kind: 'contains' | 'starts-with' | 'ends-with';
      readonly label: string;
      readonly value: string;
    }
  | { readonly kind: 'not'; readonly operand: Selector }
  | { readonly kind: 'and' | 'or'; readonly operands: readonly Selector[] };

export const ALL: Selector = { kind: 'all' };

/** The label whose value is the namespace of a namespaced endpoint or set (Calico's own name). */
export const NAMESPACE_LABEL = 'projectcalico.org/namespace';
/** `k8s` on every pod, absent on network sets and host endpoints (Calico's own name). */
export const ORCHESTRATOR_LABEL = 'projectcalico.org/orchestrator';
/** Prefix under which a pod carries its namespace's labels (Calico's own). */
export const NAMESPACE_PREFIX = 'pcns.';
/** Prefix under which a pod carries its service account's labels (Calico's own). */
export const SERVICE_ACCOUNT_PREFIX = 'pcsa.';

/** Does this selector match something with these labels? */
export function matches(selector: Selector, labels: Labels): boolean {
  switch (selector.kind) {
    case 'all':
      return true;
    case 'global':
      return !Object.hasOwn(labels, NAMESPACE_LABEL);
    case 'and':
      return selector.operands.every((operand) => matches(operand, labels));
    case 'or':
      return selector.operands.some((operand) => matches(operand, labels));
    case 'not':
      return !matches(selector.operand, labels);
    default:
      return matchesLabel(selector, labelValue(labels, selector.label));
  }
}

/**
 * The same for something that may have further labels with these prefixes than those here: `undefined`
 * where the answer may depend on them.
 */
export function matchesWhereKnown(
  selector: Selector,
  labels: Labels,
  open: readonly string[],
): boolean | undefined {
  switch (selector.kind) {
    case 'all':
    case 'global':
      return matches(selector, labels);
    case 'and':
      return decided(selector.operands, { labels, open }, false);
    case 'or':
      return decided(selector.operands, { labels, open }, true);
    case 'not': {
      const inner = matchesWhereKnown(selector.operand, labels, open);
      return inner === undefined ? undefined : !inner;
    }
    default: {
      const { label } = selector;
      const isOpen = open.some((prefix) => label.startsWith(prefix));
      return isOpen && !Object.hasOwn(labels, label) ? undefined : matches(selector, labels);
    }
  }
}

/** One operand with the answer `by` decides; without one, an unknown operand leaves it open. */
function decided(
  operands: readonly Selector[],
  { labels, open }: { readonly labels: Labels; readonly open: readonly string[] },
  by: boolean,
): boolean | undefined {
  const answers = operands.map((operand) => matchesWhereKnown(operand, labels, open));
  if (answers.includes(by)) return by;
  return answers.includes(undefined) ? undefined : !by;
}

/** The labels that a selector asks for. */
export function labelsIn(selector: Selector): readonly string[] {
  switch (selector.kind) {
    case 'all':
      return [];
    case 'global':
      return [NAMESPACE_LABEL];
    case 'and':
    case 'or':
      return selector.operands.flatMap(labelsIn);
    case 'not':
      return labelsIn(selector.operand);
    case 'has':
    case 'equals':
    case 'not-equals':
    case 'in':
    case 'not-in':
    case 'contains':
    case 'starts-with':
    case 'ends-with':
      return [selector.label];
  }
}

type LabelTest = Extract<Selector, { readonly label: string }>;

function matchesLabel(test: LabelTest, value: string | undefined): boolean {
  switch (test.kind) {
    case 'has':
      return value !== undefined;
    case 'equals':
      return value === test.value;
    case 'not-equals':
      return value !== test.value;
    case 'in':
      return value !== undefined && test.values.includes(value);
    case 'not-in':
      return value === undefined || !test.values.includes(value);
    case 'contains':
      return value?.includes(test.value) ?? false;
    case 'starts-with':
      return value?.startsWith(test.value) ?? false;
    case 'ends-with':
      return value?.endsWith(test.value) ?? false;
  }
}

// `labels` comes from YAML: a key like `constructor` must not find what Object has.
const labelValue = (labels: Labels, label: string): string | undefined =>
  Object.hasOwn(labels, label) ? labels[label] : undefined;
