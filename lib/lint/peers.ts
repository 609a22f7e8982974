import type { Finding } from '../model/finding';
import type { Peer, Policy } from '../model/policy';
import { matches, type Selector } from '../model/selector';
import { type Ground, rulesOf } from './ground';
import { anyNamespace, elsewhere, wantedNamespace } from './scope';
import { about, homeOf, podName, selectorText, some } from './words';

type Place = ReturnType<typeof rulesOf>[number];

/** Rules whose peer is nobody: because it looks in the wrong namespace, or for what is not there. */
export function checkPeers(ground: Ground): readonly Finding[] {
  return rulesOf(ground.world.policies).flatMap((place) => {
    const peers = place.rule[place.direction === 'ingress' ? 'source' : 'destination'];
    return peers === 'any' ? [] : peers.flatMap((peer) => checkPeer(peer, place, ground));
  });
}

function checkPeer(peer: Peer, place: Place, ground: Ground): readonly Finding[] {
  const { selector, nets, service, nodes } = peer;
  if (service !== undefined) return checkService(service, place, ground);
  if (nodes !== undefined) {
    const any = ground.world.nodes.some(({ labels }) => matches(nodes, labels));
    return any ? [] : [nothing(place, `no node has ${selectorText(nodes)}`, LABELS)];
  }
  if (selector === undefined || nets !== undefined || ground.finds(selector)) return [];
  return [wrongNamespace(selector, place, ground) ?? wrongLabels(selector, place, ground)];
}

const LABELS = 'correct the labels it asks for, or add what it means';

function checkService(
  { namespace, name }: NonNullable<Peer['service']>,
  place: Place,
  { world }: Ground,
): readonly Finding[] {
  const service = world.services.find((s) => s.namespace === namespace && s.name === name);
  if (service === undefined) {
    return [nothing(place, `there is no Service ${namespace}/${name}`, 'correct its name')];
  }
  const served = service.ports.some(({ backends }) => backends.length > 0);
  const why = `no pod stands behind Service ${namespace}/${name}`;
  return served ? [] : [nothing(place, why, 'correct the selector of the Service')];
}

/** Bound to its own namespace, and what it looks for lives in another. */
function wrongNamespace(selector: Selector, place: Place, ground: Ground): Finding | undefined {
  const home = homeOf(selector);
  const found = elsewhere(selector, ground);
  const [first] = found;
  if (home === undefined || first === undefined) return undefined;
  return about(place, {
    code: 'other-namespace',
    severity: 'error',
    why: `it looks for ${selectorText(selector)}, and the only such pods are ${some(found.map(podName))}`,
    fix: namespaceFix(place.policy, first.namespace),
  });
}

/** How the policy's own API says "in that namespace too". */
function namespaceFix({ kind }: Policy, namespace: string): string {
  const isKubernetes = kind === 'NetworkPolicy' || kind === 'StagedKubernetesNetworkPolicy';
  return isKubernetes
    ? `add to the same item: namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: ${namespace} } }`
    : `add beside the selector: namespaceSelector: projectcalico.org/name == "${namespace}"`;
}

function wrongLabels(selector: Selector, place: Place, ground: Ground): Finding {
  const why = `it looks for ${selectorText(selector)}, and there is none`;
  const wanted = wantedNamespace(selector);
  const known = ground.pods.some(({ namespace }) => namespace === wanted);
  if (wanted !== undefined && known) {
    const fix = `nobody sets such a label by itself: write ${namespaceLabel(place.policy, wanted)}`;
    return nothing(place, why, fix);
  }
  const [other] = anyNamespace(selector, ground);
  return nothing(
    place,
    why,
    other === undefined ? LABELS : `correct what it asks of namespace ${other.namespace}`,
  );
}

const namespaceLabel = ({ kind }: Policy, namespace: string): string =>
  kind === 'NetworkPolicy' || kind === 'StagedKubernetesNetworkPolicy'
    ? `kubernetes.io/metadata.name: ${namespace}`
    : `projectcalico.org/name == "${namespace}"`;

const nothing = (place: Place, why: string, fix: string): Finding =>
  about(place, { code: 'peer-matches-nothing', severity: 'warning', why, fix });
