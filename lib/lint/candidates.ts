import type { Peer, Rule } from '../model/policy';
import type { PodEndpoint } from '../model/world';
import type { PolicyRule, PreparedWorld } from './prepared';

/** The pods a rule opens or closes ports of; `undefined` where anybody may be on that side. */
export function targetPods(
  at: PolicyRule,
  prepared: PreparedWorld,
): readonly PodEndpoint[] | undefined {
  const { policy, direction, rule } = at;
  return direction === 'ingress'
    ? prepared.podsOf(policy.subject)
    : peerPods(rule.destination, prepared);
}

/** The pods that a rule lets in or keeps out as clients; `undefined` where anybody may be one. */
export function clientPods(
  at: PolicyRule,
  prepared: PreparedWorld,
): readonly PodEndpoint[] | undefined {
  const { policy, direction, rule } = at;
  return direction === 'egress' ? prepared.podsOf(policy.subject) : peerPods(rule.source, prepared);
}

/** Pods that peers select by labels alone. */
function peerPods(
  peers: Rule['source'],
  prepared: PreparedWorld,
): readonly PodEndpoint[] | undefined {
  if (peers === 'any' || !peers.every(selectsByLabels)) return undefined;
  const pods = peers.flatMap(({ selector }) =>
    selector === undefined ? [] : prepared.podsOf(selector),
  );
  return [...new Set(pods)];
}

const selectsByLabels = ({ selector, notSelector, nets, notNets, service, nodes }: Peer): boolean =>
  selector !== undefined &&
  notSelector === undefined &&
  nets === undefined &&
  notNets === undefined &&
  service === undefined &&
  nodes === undefined;
