import type { Peer, Rule } from '../model/policy';
import type { PodEndpoint } from '../model/world';
import type { Ground, rulesOf } from './ground';

type Place = ReturnType<typeof rulesOf>[number];

/** The pods a rule opens or closes ports of; `undefined` where anybody may be on that side. */
export function targetPods(place: Place, ground: Ground): readonly PodEndpoint[] | undefined {
  const { policy, direction, rule } = place;
  return direction === 'ingress'
    ? ground.podsOf(policy.subject)
    : peerPods(rule.destination, ground);
}

/** The pods that a rule lets in or keeps out as clients; `undefined` where anybody may be one. */
export function clientPods(place: Place, ground: Ground): readonly PodEndpoint[] | undefined {
  const { policy, direction, rule } = place;
  return direction === 'egress' ? ground.podsOf(policy.subject) : peerPods(rule.source, ground);
}

/** Pods that peers select by labels alone. */
function peerPods(peers: Rule['source'], ground: Ground): readonly PodEndpoint[] | undefined {
  if (peers === 'any' || !peers.every(selectsByLabels)) return undefined;
  const pods = peers.flatMap(({ selector }) =>
    selector === undefined ? [] : ground.podsOf(selector),
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
