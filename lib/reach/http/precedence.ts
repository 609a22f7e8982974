import type { HttpPathMatch, HttpProxy, HttpRule } from '../../model/http';
import { hostRank, matchesHost } from './host';

/**
 * Which of the rules that match a request serves it. A load balancer takes the first in order.
 * Otherwise, in this order: the most specific host, an exact path, the longest path, a method, most
 * headers, most query parameters (Gateway API: HTTPRouteRule.matches), then the oldest route, the
 * first by namespace and name, and the first in it.
 */
export function servingRule(
  rules: readonly HttpRule[],
  name: string,
  kind: HttpProxy['kind'],
): HttpRule | undefined {
  if (kind === 'alb') return rules[0];
  let best: HttpRule | undefined;
  for (const rule of rules) {
    if (best === undefined || comesBefore(rule, best, (one) => rankOf(one, name, kind)))
      best = rule;
  }
  return best;
}

type Rank = readonly number[];

function rankOf({ hosts, match }: HttpRule, name: string, kind: HttpProxy['kind']): Rank {
  const matching = hosts.filter((host) => matchesHost(host, name, kind));
  return [
    Math.max(0, ...matching.map(hostRank)),
    ...pathRank(match.path),
    match.methods.length > 0 ? 1 : 0,
    match.headers.length,
    match.query.length,
  ];
}

/** A pattern counts after paths of characters: which one comes first is the implementation's own. */
function pathRank(path: HttpPathMatch): Rank {
  switch (path.kind) {
    case 'exact':
      return [2, path.value.length];
    case 'prefix':
      return [1, path.value.replace(/\/+$/, '').length];
    case 'pattern':
      return [1, path.value.length];
    case 'globs':
      return [0, 0];
  }
}

function comesBefore(a: HttpRule, b: HttpRule, rank: (rule: HttpRule) => Rank): boolean {
  const [ofA, ofB] = [rank(a), rank(b)];
  for (const [i, value] of ofA.entries()) {
    const other = ofB[i] ?? 0;
    if (value !== other) return value > other;
  }
  const ageOfA = a.source.created ?? Number.POSITIVE_INFINITY;
  const ageOfB = b.source.created ?? Number.POSITIVE_INFINITY;
  if (ageOfA !== ageOfB) return ageOfA < ageOfB;
  const name = ({ source }: HttpRule): string => `${source.namespace}/${source.name}`;
  return name(a) < name(b);
}
