import { httpFrontends } from '../../../lib/dataplane/servers/http-frontends';
import { ip } from '../../../lib/model/address';
import type { HttpDecision } from '../../../lib/model/http-decision';
import type { World } from '../../../lib/model/world';
import { decide } from '../../../lib/reach/http/decide';
import { GATEWAY_CORE, GATEWAY_EXTENDED } from '../../build/gateway-cases';
import { type Asked, CASE_NETNS, readCase } from '../../build/http-cases';
import { ALB_CASES, INGRESS_CASES } from '../../build/ingress-cases';

const all = { GATEWAY_CORE, GATEWAY_EXTENDED, INGRESS_CASES, ALB_CASES };

describe.each(Object.entries(all))('%s', (_, cases) => {
  test.each(cases)('$rule', ({ objects, requests }) => {
    const reading = readCase(objects);
    if (reading.kind === 'problems') throw new Error(JSON.stringify(reading.problems, null, 1));
    const seen = requests.map((one) => ({ ...one, expect: outcomeOf(reading.value, one) }));
    expect(seen).toEqual(requests);
  });
});

function outcomeOf(world: World, { to, url, method = 'GET', headers = {} }: Asked): string {
  const found = httpFrontends(world).find(({ netns }) => netns === CASE_NETNS[to]);
  if (found === undefined) return 'refused';
  const { protocol, host, port, pathname, search } = new URL(url);
  const isTls = protocol === 'https:';
  const decision = decide(world, found.proxy, {
    scheme: isTls ? 'https' : 'http',
    host,
    port: Number(port) || (isTls ? 443 : 80),
    method,
    path: pathname,
    query: search.slice(1),
    headers: Object.entries(headers).map(([name, value]) => ({ name, value })),
    client: ip('10.0.1.9'),
  });
  return textOf(decision, `${pathname}${search}`);
}

function textOf(decision: HttpDecision, asked: string): string {
  if (decision.kind === 'answered') {
    const { location, status } = decision;
    return location === undefined ? `${status}` : `${status} ${new URL(location).href}`;
  }
  if (decision.kind !== 'forwarded') return decision.kind;
  const names = decision.shares.map((share) => ({
    share: share.share,
    name: share.kind === 'status' ? `${share.status}` : share.service.replace(/^edge\//, ''),
  }));
  const [only] = decision.shares;
  const received =
    only?.kind === 'endpoints' &&
    only.received.path + (only.received.query && `?${only.received.query}`);
  const suffix = typeof received === 'string' && received !== asked ? ` > ${received}` : '';
  if (names.length === 1) return `${names[0]?.name}${suffix}`;
  return names.map(({ share, name }) => `${Math.round(share * 100)}% ${name}`).join(', ');
}
