import type { HttpProxy, HttpValueMatch } from '../../../lib/model/http';
import { matchesRule } from '../../../lib/reach/http/match';
import { rule } from '../../build/http-world';

/** Does a query match, in a rule that asks nothing else? */
function matches(kind: HttpProxy['kind'], query: HttpValueMatch, given: string): string {
  const asked = rule('/', 'one', { hosts: [], match: { query: [query] } });
  const request = { scheme: 'http', host: 'a.test', port: 80, method: 'GET', path: '/' } as const;
  return matchesRule(asked, { ...request, query: given, headers: [] }, kind);
}

const exact: HttpValueMatch = { kind: 'exact', name: 'v*', values: ['1'] };
const globs: HttpValueMatch = { kind: 'globs', name: 'v*', values: ['1*'] };

// Gateway API: HTTPQueryParamMatch, the first of a name counts; ELB guide: query string conditions,
// `*` in keys and values, and any of them counts.
test.each([
  ['gateway', exact, 'v*=1', 'yes'],
  ['gateway', exact, 'vx=1', 'no'],
  ['gateway', exact, 'v*=2&v*=1', 'no'],
  ['alb', globs, 'vx=12', 'yes'],
  ['alb', globs, 'vx=2&vy=12', 'yes'],
  ['alb', globs, 'x=12', 'no'],
  ['alb', { ...globs, name: undefined }, 'x=12', 'yes'],
] as const)('%s %j with ?%s: %s', (kind, query, given, expected) => {
  expect(matches(kind, query as HttpValueMatch, given)).toBe(expected);
});
