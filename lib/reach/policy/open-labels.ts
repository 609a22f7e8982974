import { lazy } from '../../model/lazy';
import { labelsIn, matchesWhereKnown, type Selector } from '../../model/selector';
import type { Party } from '../ends/types';

/**
 * Finds the parties of which it is not known whether a selector matches them: it asks for a label of their
 * Namespace or ServiceAccount, which the input does not give.
 */
export function createOpenLabels(
  parties: readonly Party[],
): (selector: Selector) => readonly number[] {
  const open = lazy(() =>
    parties.flatMap(({ pod }, i) => (pod?.openLabels === undefined || pod.hostNetwork ? [] : [i])),
  );
  const prefixes = lazy(() => [
    ...new Set(open().flatMap((i) => parties[i]?.pod?.openLabels ?? [])),
  ]);
  const isAsked = (selector: Selector): boolean =>
    prefixes().length > 0 &&
    labelsIn(selector).some((label) => prefixes().some((prefix) => label.startsWith(prefix)));
  return (selector) =>
    isAsked(selector) ? open().filter((i) => dependsOnOpenLabels(selector, parties[i])) : [];
}

function dependsOnOpenLabels(selector: Selector, party: Party | undefined): boolean {
  const { labels = {}, openLabels = [] } = party?.pod ?? {};
  return matchesWhereKnown(selector, labels, openLabels) === undefined;
}
