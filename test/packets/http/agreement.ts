import { planStage, planWorld } from '../../../lib/dataplane/plan';
import { httpFrontends } from '../../../lib/dataplane/servers/http-frontends';
import { type Ip, ip } from '../../../lib/model/address';
import type { HttpDecision, HttpRequest } from '../../../lib/model/http-decision';
import type { World } from '../../../lib/model/world';
import { decide } from '../../../lib/reach/http/decide';
import { readWorld } from '../../../lib/read/world';
import type { HttpAnswer } from '../../../lib/runtime/probes/http-ask';
import { openSandbox } from '../../../lib/runtime/sandbox/sandbox';
import { diceOf, type RandomRequest, randomHttp, randomRequest } from '../../build/random-http';

/** What a run counted. */
export interface Agreement {
  readonly worlds: number;
  readonly routes: number;
  readonly requests: number;
  /** By kind of decision. */
  readonly kinds: Readonly<Record<string, number>>;
  readonly differ: readonly string[];
}

const OUTSIDE = {
  kind: 'outside',
  name: 'shop.example.com',
  addresses: [ip('203.0.113.80')],
  ports: [],
} as const;

/** A random world; `undefined` where its objects are refused, as two conflicting ones may be. */
export function worldOf(
  seed: number,
): { readonly world: World; readonly routes: number } | undefined {
  const { text, routes } = randomHttp(diceOf(seed));
  const reading = readWorld({ manifests: [{ path: 'random.yaml', text }], outside: [OUTSIDE] });
  return reading.kind === 'read' ? { world: reading.value, routes } : undefined;
}

/** Sends the requests of random worlds as real packets and holds each answer against the prediction. */
export async function agree(seeds: readonly number[], requestsEach: number): Promise<Agreement> {
  const sandbox = await openSandbox({ mode: 'tied' });
  const kinds: Record<string, number> = {};
  const differ: string[] = [];
  let [worlds, routes, requests] = [0, 0, 0];
  let before: World | undefined;
  try {
    for (const seed of seeds) {
      const found = worldOf(seed);
      if (found === undefined) continue;
      const { world } = found;
      await sandbox.run(before === undefined ? planWorld(world) : planStage(before, world));
      before = world;
      worlds += 1;
      routes += found.routes;
      const dice = diceOf(seed + 1_000_000);
      const asked = Array.from({ length: requestsEach }, () => randomRequest(dice));
      for (let i = 0; i < asked.length; i += 8) {
        const batch = asked.slice(i, i + 8);
        const wrong = await Promise.all(
          batch.map(async (one) => {
            const sent = sendingOf(world, one);
            const decision = predicted(world, one, sent.client);
            kinds[decision.kind] = (kinds[decision.kind] ?? 0) + 1;
            const answer = await sandbox.askHttp({
              netns: 'pod/edge/client-0',
              address: sent.address,
              port: one.port,
              protocol: 'HTTP',
              host: one.host,
              method: one.method,
              path: one.query === '' ? one.path : `${one.path}?${one.query}`,
              headers: one.headers,
              timeoutMs: 5000,
            });
            const why = differenceOf(world, decision, answer);
            return why === undefined ? [] : [`seed ${seed}: ${JSON.stringify(one)}: ${why}`];
          }),
        );
        requests += batch.length;
        differ.push(...wrong.flat());
      }
    }
  } finally {
    await sandbox.close();
  }
  return { worlds, routes, requests, kinds, differ };
}

const NETNS = {
  gateway: 'pod/edge/gw-0',
  ingress: 'pod/edge/ingc-0',
  alb: 'outside/shop.example.com',
} as const;

function sendingOf(
  world: World,
  { frontend }: RandomRequest,
): { readonly address: Ip; readonly client: Ip } {
  const addressOf = (name: string): Ip => {
    const found = world.pods.find((pod) => `pod/${pod.namespace}/${pod.name}` === name);
    const [address] = found?.addresses ?? OUTSIDE.addresses;
    if (address === undefined) throw new Error(`${name} has no address`);
    return address;
  };
  return { address: addressOf(NETNS[frontend]), client: addressOf('pod/edge/client-0') };
}

function predicted(world: World, one: RandomRequest, client: Ip): HttpDecision {
  const found = httpFrontends(world).find(({ netns }) => netns === NETNS[one.frontend]);
  if (found === undefined) return { kind: 'refused', reason: 'no proxy' };
  const request: HttpRequest = {
    scheme: 'http',
    host: one.host,
    port: one.port,
    method: one.method,
    path: one.path,
    query: one.query,
    headers: Object.entries(one.headers).map(([name, value]) => ({ name, value })),
    client,
  };
  return decide(world, found.proxy, request);
}

/** Why an answer is not what was predicted, or nothing. */
function differenceOf(
  world: World,
  decision: HttpDecision,
  answer: HttpAnswer,
): string | undefined {
  if (decision.kind === 'refused' || answer.kind === 'silent') {
    const isRefused = answer.kind === 'silent' && decision.kind === 'refused';
    return isRefused
      ? undefined
      : `predicted ${text(decision)}, saw ${JSON.stringify(answer).slice(0, 200)}`;
  }
  const saw = `saw ${answer.status} ${answer.body.trim()} ${answer.headers.location ?? ''} ${answer.headers['x-received'] ?? ''} host ${answer.headers['x-received-host'] ?? ''}`;
  if (decision.kind === 'answered') {
    const same =
      answer.status === decision.status &&
      sameUrl(decision.location, answer.headers.location) &&
      answer.headers['x-received'] === undefined;
    return same ? undefined : `predicted ${text(decision)}, ${saw}`;
  }
  if (decision.kind !== 'forwarded') return 'the prediction is unknown';
  const fits = decision.shares.some((share) => {
    if (share.kind === 'status') return answer.status === share.status;
    const { received, endpoints } = share;
    const names = world.pods
      .filter(({ addresses }) => endpoints.some(({ address }) => addresses.includes(address)))
      .map(({ namespace, name }) => `${namespace}/${name}`);
    const target = received.query === '' ? received.path : `${received.path}?${received.query}`;
    const headers = received.headers.every(({ name }) => {
      const all = received.headers.filter((one) => one.name.toLowerCase() === name.toLowerCase());
      const seen = answer.headers[`x-received-${name.toLowerCase()}`] ?? '';
      return seen.replaceAll(', ', ',') === all.map(({ value }) => value).join(',');
    });
    return (
      answer.status === 200 &&
      names.includes(answer.body.trim()) &&
      answer.headers['x-received']?.split(' ')[1] === target &&
      answer.headers['x-received-host']?.toLowerCase() === received.host.toLowerCase() &&
      headers
    );
  });
  return fits ? undefined : `predicted ${text(decision)}, ${saw}`;
}

function sameUrl(a: string | undefined, b: string | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return new URL(a).href === new URL(b).href;
}

const text = (decision: HttpDecision): string =>
  decision.kind === 'forwarded'
    ? JSON.stringify({
        rule: decision.rule?.source,
        shares: decision.shares.map((share) =>
          share.kind === 'status'
            ? share.status
            : [share.service, share.received.host, share.received.path, share.received.headers],
        ),
      })
    : JSON.stringify({
        ...decision,
        listener: undefined,
        rule: 'rule' in decision ? decision.rule?.source : undefined,
      });
