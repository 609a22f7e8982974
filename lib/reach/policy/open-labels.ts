import { lazy } from '../../model/lazy';
import { labelsIn, matches, matchesWhereKnown, type Selector } from '../../model/selector';
import type { Party } from '../ends/types';
import { type Bits, bitsOf } from './bits';

/** The parties that may have labels which the input does not give, and what a selector finds among them. */
export interface OpenMatch {
  readonly all: Bits;
  readonly sure: Bits;
  /** It asks for a label of their Namespace or ServiceAccount, which the input does not give. */
  readonly perhaps: Bits;
}

/** Answers what a selector finds among such parties; `undefined` where it does not ask for such labels. */
export function createOpenLabels(
  parties: readonly Party[],
): (selector: Selector) => OpenMatch | undefined {
  const open = lazy(() => parties.flatMap((party, i) => (party.open === undefined ? [] : [i])));
  const prefixes = lazy(() => [
    ...new Set(open().flatMap((i) => parties[i]?.open?.flatMap((one) => one.openLabels) ?? [])),
  ]);
  const all = lazy(() => bitsOf(open(), parties.length));
  const isAsked = (selector: Selector): boolean =>
    prefixes().length > 0 &&
    labelsIn(selector).some((label) => prefixes().some((prefix) => label.startsWith(prefix)));
  return (selector) => {
    if (!isAsked(selector)) return undefined;
    const among = (wanted: true | undefined): Bits => {
      const found = open().filter((i) => matchOf(selector, parties[i]) === wanted);
      return bitsOf(found, parties.length);
    };
    return { all: all(), sure: among(true), perhaps: among(undefined) };
  };
}

function matchOf(selector: Selector, party: Party | undefined): boolean | undefined {
  const { identities = [], possible = [], open = [] } = party ?? {};
  const answers = identities.map((labels) => {
    const openLabels = open.find((one) => one.labels === labels)?.openLabels;
    return openLabels === undefined
      ? matches(selector, labels)
      : matchesWhereKnown(selector, labels, openLabels);
  });
  if (answers.includes(true)) return true;
  const may = possible.some((labels) => {
    const openLabels = open.find((one) => one.labels === labels)?.openLabels ?? [];
    return matchesWhereKnown(selector, labels, openLabels) !== false;
  });
  return answers.includes(undefined) || may ? undefined : false;
}
