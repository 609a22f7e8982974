import { NAMESPACE_LABEL, NAMESPACE_PREFIX, type Selector } from '../model/selector';
import type { PodEndpoint } from '../model/world';
import type { PreparedWorld } from './prepared';

/** Pods that a selector bound to one namespace would find in the others. */
export const elsewhere = (selector: Selector, prepared: PreparedWorld): readonly PodEndpoint[] => {
  const free = without(selector, (test) => isHome(test));
  return free === undefined ? [] : prepared.podsOf(free);
};

/** Pods that a selector would find if it asked nothing of namespaces' labels. */
export const anyNamespace = (
  selector: Selector,
  prepared: PreparedWorld,
): readonly PodEndpoint[] => {
  const free = without(selector, (test) => isOfNamespace(test));
  return free === undefined ? [] : prepared.podsOf(free);
};

/** The selector without some of its conditions; `undefined` where nothing else is left to look for. */
function without(selector: Selector, drop: (test: Selector) => boolean): Selector | undefined {
  if (selector.kind !== 'and') return undefined;
  const operands = selector.operands.filter((test) => !drop(test));
  const asks = operands.some(
    (test) => 'label' in test && !test.label.startsWith('projectcalico.org/'),
  );
  return operands.length < selector.operands.length && asks ? { kind: 'and', operands } : undefined;
}

const isHome = (test: Selector): boolean =>
  test.kind === 'equals' && test.label === NAMESPACE_LABEL;

const isOfNamespace = (test: Selector): boolean =>
  'label' in test && test.label.startsWith(NAMESPACE_PREFIX);

/** The value a selector asks of a label of the namespace that looks like the namespace's name. */
export function wantedNamespace(selector: Selector): string | undefined {
  const tests = selector.kind === 'and' ? selector.operands : [selector];
  const named = tests.find(
    (test) =>
      test.kind === 'equals' &&
      isOfNamespace(test) &&
      /^(name|namespace|ns)$/.test(test.label.slice(NAMESPACE_PREFIX.length)),
  );
  return named?.kind === 'equals' ? named.value : undefined;
}
