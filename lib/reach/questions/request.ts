import { type Ip, parseIp } from '../../model/address';
import type { Explanation } from '../../model/explanation';
import type { FlowEnd } from '../../model/flow';
import type { HttpProxy } from '../../model/http';
import type { HttpDecision, HttpEndpoint, HttpRequest } from '../../model/http-decision';
import type { Endpoint, World } from '../../model/world';
import type { Engine } from '../engine';
import { decide } from '../http/decide';
import { matchesHost, nameInHost } from '../http/host';

/** A request, and where its connection goes. */
export interface RequestQuestion {
  readonly from: FlowEnd;
  readonly request: HttpRequest;
  /** Name or address that the client connects to, where that is not the request's host. */
  readonly connectTo?: string;
}

/** What becomes of a request, and of the packets of each connection that it takes. */
export interface RequestExplanation {
  readonly question: RequestQuestion;
  /** Absent: no proxy is known at that name or address. */
  readonly proxy?: HttpProxy;
  readonly decision: HttpDecision;
  /** The connection of the client to the proxy; absent where there is none to make. */
  readonly toProxy?: Explanation;
  /** The connections of the proxy to every endpoint that may get the request. */
  readonly toEndpoints: readonly Explanation[];
}

/**
 * Which listener, route, rule and backend a request gets, and what policies, groups and routes say
 * to the packets of each connection: a proxy ends its client's connection and opens its own.
 */
export function explainRequest(
  world: World,
  engine: Engine,
  question: RequestQuestion,
): RequestExplanation {
  const name = question.connectTo ?? nameInHost(question.request.host);
  const found = proxyAt(world, name);
  if (found === undefined) {
    const reason = `no proxy is known to serve ${name}`;
    return { question, decision: { kind: 'refused', reason }, toEndpoints: [] };
  }
  const { proxy, address, end } = found;
  const client = question.request.client ?? addressOf(world, question.from);
  const request = client === undefined ? question.request : { ...question.request, client };
  const decision = decide(world, proxy, request);
  const toProxy = engine.explain({
    from: question.from,
    to: { kind: 'ip', address },
    protocol: 'TCP',
    port: request.port,
  });
  const toEndpoints = endpointsOf(decision).map(({ address: to, port }) =>
    engine.explain({ from: end, to: { kind: 'ip', address: to }, protocol: 'TCP', port }),
  );
  return { question, proxy, decision, toProxy, toEndpoints };
}

/** Every endpoint that a decision may send the request to. */
const endpointsOf = (decision: HttpDecision): readonly HttpEndpoint[] =>
  decision.kind === 'forwarded'
    ? decision.shares.flatMap((share) => (share.kind === 'endpoints' ? share.endpoints : []))
    : [];

interface FoundProxy {
  readonly proxy: HttpProxy;
  readonly address: Ip;
  /** Where its own connections begin. */
  readonly end: FlowEnd;
}

/** The proxy that a name or an address leads to. */
function proxyAt(world: World, name: string): FoundProxy | undefined {
  const proxies = world.http?.proxies ?? [];
  const literal = parseIp(name);
  for (const proxy of proxies) {
    const own = proxyEnds(world, proxy).find(
      (one) => one.name === name || (literal !== undefined && one.addresses.includes(literal)),
    );
    const [address] = own?.addresses ?? [];
    if (own !== undefined && address !== undefined) {
      return { proxy, address: literal ?? address, end: endOf(own, address) };
    }
  }
  return proxies.map((proxy) => balancerAt(world, proxy, name)).find((one) => one !== undefined);
}

/** Pods and hosts outside that a proxy runs at. */
export const proxyEnds = ({ pods, outside }: World, proxy: HttpProxy): readonly Endpoint[] => [
  ...pods.filter(({ namespace, name }) => proxy.pods.includes(`${namespace}/${name}`)),
  ...outside.filter(({ name }) => proxy.hosts.includes(name)),
];

const endOf = (endpoint: Endpoint, address: Ip): FlowEnd =>
  endpoint.kind === 'pod'
    ? { kind: 'pod', namespace: endpoint.namespace, name: endpoint.name }
    : { kind: 'ip', address };

/** A load balancer in a VPC, by an address of it or by a name that its rules have. */
function balancerAt(world: World, proxy: HttpProxy, name: string): FoundProxy | undefined {
  const { balancer } = proxy;
  const literal = parseIp(name);
  const known = balancer?.addresses ?? [];
  const isNamed = proxy.listeners.some(({ hostname, rules }) =>
    [...(hostname === undefined ? [] : [hostname]), ...rules.flatMap(({ hosts }) => hosts)].some(
      (host) => matchesHost(host, name, proxy.kind),
    ),
  );
  const address = literal === undefined ? known[0] : known.find((one) => one === literal);
  if (address === undefined || (literal === undefined && !isNamed)) return undefined;
  const interfaces = world.vpcs.flatMap((vpc) => vpc.interfaces);
  const own = interfaces.find((one) => one.publicIp === address || one.addresses.includes(address));
  return { proxy, address, end: { kind: 'ip', address: own?.addresses[0] ?? address } };
}

/** The address by which a proxy sees a client; that of a stranger is not known. */
function addressOf({ pods, nodes }: World, end: FlowEnd): Ip | undefined {
  switch (end.kind) {
    case 'pod':
      return pods.find((one) => one.namespace === end.namespace && one.name === end.name)
        ?.addresses[0];
    case 'node':
      return nodes.find(({ name }) => name === end.name)?.addresses[0];
    case 'ip':
      return end.address;
    default:
      return undefined;
  }
}
