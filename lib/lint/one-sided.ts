import type { Explanation } from '../model/explanation';
import type { Finding } from '../model/finding';
import type { Flow } from '../model/flow';
import type { Traffic } from '../model/policy';
import type { PodEndpoint } from '../model/world';
import { clientPods, targetPods } from './candidates';
import { type PolicyRule, type PreparedWorld, rulesOf } from './prepared';
import { about, objectOf, podName, some } from './words';

/** The most pairs of pods that are evaluated for one rule; they are representatives, so they are few. */
const MAX_PAIRS = 64;

/**
 * Allow rules that open one end of a connection whose other end is closed by the other direction:
 * a connection needs the client's egress and the server's ingress.
 */
export const checkOneSided = (prepared: PreparedWorld): readonly Finding[] =>
  rulesOf(prepared.world.policies).flatMap((at) => {
    const { policy, rule, direction } = at;
    if (policy.staged !== 'no' || rule.action !== 'allow') return [];
    const opposite = direction === 'ingress' ? 'egress' : 'ingress';
    const refusal = refusalOfAll(at, opposite, prepared);
    return refusal === undefined ? [] : [finding(at, refusal, opposite)];
  });

/** The first refusal, where all the rule's flows are refused in that direction. */
function refusalOfAll(
  at: PolicyRule,
  direction: 'ingress' | 'egress',
  prepared: PreparedWorld,
): Explanation | undefined {
  let first: Explanation | undefined;
  let asked = 0;
  for (const flow of flowsOf(at, prepared)) {
    const answer = prepared.policies.explain(flow);
    if (!refusedIn(answer, direction)) return undefined;
    first ??= answer;
    asked += 1;
    if (asked === MAX_PAIRS) break;
  }
  return first;
}

const refusedIn = ({ verdict, by }: Explanation, direction: 'ingress' | 'egress'): boolean =>
  verdict === 'denied' && by.length > 0 && by.every((one) => one.direction === direction);

function finding(at: PolicyRule, { flow, by }: Explanation, closed: 'ingress' | 'egress'): Finding {
  const [from, to] = [flow.from, flow.to].map((end) =>
    end.kind === 'pod' ? `${end.namespace}/${end.name}` : end.kind,
  );
  const who = closed === 'egress' ? from : to;
  return about(at, {
    code: 'one-sided',
    severity: 'error',
    why: `it allows ${from} to reach ${to} on ${flow.protocol} ${flow.port}, but ${closed} of ${who} is denied: ${by[0]?.because ?? ''}`,
    fix: `allow the same traffic for ${closed} of ${who}`,
  });
}

/** Flows that the rule is for, one for every two kinds of pods. */
function* flowsOf(at: PolicyRule, prepared: PreparedWorld): Generator<Flow> {
  const clients = clientPods(at, prepared) ?? [];
  const servers = targetPods(at, prepared) ?? [];
  for (const client of clients) {
    for (const server of servers) {
      if (server !== client) yield* flowBetween(client, server, at);
    }
  }
}

function flowBetween(
  client: PodEndpoint,
  server: PodEndpoint,
  { rule }: PolicyRule,
): readonly Flow[] {
  const [traffic] = rule.traffic === 'any' ? [undefined] : rule.traffic;
  const target = portOf(traffic, server);
  if (target === undefined) return [];
  return [
    {
      from: { kind: 'pod', namespace: client.namespace, name: client.name },
      to: { kind: 'pod', namespace: server.namespace, name: server.name },
      ...target,
    },
  ];
}

/** A port of the server that the rule is about; `undefined` for what is no port, such as ICMP. */
function portOf(
  traffic: Traffic | undefined,
  server: PodEndpoint,
): Pick<Flow, 'protocol' | 'port'> | undefined {
  const [declared] = server.ports;
  const protocol = traffic?.protocol ?? 'any';
  if (protocol !== 'any' && protocol !== 'TCP' && protocol !== 'UDP' && protocol !== 'SCTP') {
    return undefined;
  }
  const [match] =
    traffic === undefined || traffic.destinationPorts === 'any' ? [] : traffic.destinationPorts;
  if (match === undefined) {
    const same = server.ports.find((one) => protocol === 'any' || one.protocol === protocol);
    const only = protocol === 'any' ? (declared?.protocol ?? 'TCP') : protocol;
    return { protocol: only, port: same?.port ?? 80 };
  }
  if ('first' in match) {
    return { protocol: protocol === 'any' ? 'TCP' : protocol, port: Math.max(1, match.first) };
  }
  const named = server.ports.find(
    (one) => one.name === match.name && (protocol === 'any' || one.protocol === protocol),
  );
  return named === undefined ? undefined : { protocol: named.protocol, port: named.port };
}

/**
 * Pods that a rule opens to selected clients and that no Service selects: clients cannot resolve them,
 * because the name of a pod is not a DNS name (Kubernetes: DNS for Services and Pods).
 */
export function checkNames(prepared: PreparedWorld): readonly Finding[] {
  const { services } = prepared.world;
  const fronted = new Set(
    services.flatMap(({ ports }) =>
      ports.flatMap(({ backends }) => backends.map(({ address }) => address)),
    ),
  );
  const seen = new Set<string>();
  return rulesOf(prepared.world.policies).flatMap((at) => {
    const { policy, direction, rule } = at;
    const key = objectOf(policy);
    if (direction !== 'ingress' || rule.action !== 'allow' || rule.source === 'any') return [];
    const servers = prepared.podsOf(policy.subject);
    const bare = servers.filter((pod) => !pod.addresses.some((address) => fronted.has(address)));
    if (servers.length === 0 || bare.length < servers.length || seen.has(key)) return [];
    seen.add(key);
    const names = some(bare.map(podName));
    return [
      about(at, {
        code: 'no-service',
        severity: 'note',
        why: `it lets clients reach ${names}, and no Service selects them: the name of a pod is not a DNS name`,
        fix: 'add a Service that selects the pods, and call it by its name',
      }),
    ];
  });
}
