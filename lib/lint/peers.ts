import type { Finding } from '../model/finding';
import type { Peer, Policy } from '../model/policy';
import { matches, type Selector } from '../model/selector';
import { type PolicyRule, type PreparedWorld, rulesOf } from './prepared';
import { anyNamespace, elsewhere, wantedNamespace } from './scope';
import { about, homeOf, hostPodsText, podName, selectorText, some } from './words';

/** Rules with a peer that matches nothing, or that matches only in another namespace. */
export function checkPeers(prepared: PreparedWorld): readonly Finding[] {
  return rulesOf(prepared.world.policies).flatMap((at) => {
    const peers = at.rule[at.direction === 'ingress' ? 'source' : 'destination'];
    return peers === 'any' ? [] : peers.flatMap((peer) => checkPeer(peer, at, prepared));
  });
}

function checkPeer(peer: Peer, at: PolicyRule, prepared: PreparedWorld): readonly Finding[] {
  const { selector, nets, service, nodes } = peer;
  if (service !== undefined) return checkService(service, at, prepared);
  if (nodes !== undefined) {
    const any = prepared.world.nodes.some(({ labels }) => matches(nodes, labels));
    return any ? [] : [nothing(at, `no node has ${selectorText(nodes)}`, LABELS)];
  }
  if (selector === undefined || nets !== undefined || prepared.finds(selector)) return [];
  return [
    hostPods(selector, at, prepared) ??
      wrongNamespace(selector, at, prepared) ??
      wrongLabels(selector, at, prepared),
  ];
}

const LABELS = 'correct the labels, or add a workload that has them';

function checkService(
  { namespace, name }: NonNullable<Peer['service']>,
  at: PolicyRule,
  { world }: PreparedWorld,
): readonly Finding[] {
  const service = world.services.find((s) => s.namespace === namespace && s.name === name);
  if (service === undefined) {
    return [nothing(at, `there is no Service ${namespace}/${name}`, 'correct its name')];
  }
  const served = service.ports.some(({ backends }) => backends.length > 0);
  const why = `Service ${namespace}/${name} has no endpoints`;
  return served ? [] : [nothing(at, why, 'correct the selector of the Service')];
}

/** The selector applies to the policy's own namespace, and such pods exist only in others. */
function wrongNamespace(
  selector: Selector,
  at: PolicyRule,
  prepared: PreparedWorld,
): Finding | undefined {
  const home = homeOf(selector);
  const found = elsewhere(selector, prepared);
  const [first] = found;
  if (home === undefined || first === undefined) return undefined;
  return about(at, {
    code: 'other-namespace',
    severity: 'error',
    why: `it selects ${selectorText(selector)}, and the only such pods are ${some(found.map(podName))}`,
    fix: namespaceFix(at.policy, first.namespace),
  });
}

/** How the API of the policy selects pods of another namespace. */
function namespaceFix({ kind }: Policy, namespace: string): string {
  const isKubernetes = kind === 'NetworkPolicy' || kind === 'StagedKubernetesNetworkPolicy';
  return isKubernetes
    ? `add to the same item: namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: ${namespace} } }`
    : `add beside the selector: namespaceSelector: projectcalico.org/name == "${namespace}"`;
}

/** Pods that have the labels and use their node's network: policy sees the node. */
function hostPods(
  selector: Selector,
  at: PolicyRule,
  prepared: PreparedWorld,
): Finding | undefined {
  const found = prepared.hostPodsOf(selector);
  if (found.length === 0) return undefined;
  const why = `it selects ${selectorText(selector)}, and ${hostPodsText(found)}`;
  return nothing(at, why, 'name the addresses of their nodes (ipBlock), or use a HostEndpoint');
}

function wrongLabels(selector: Selector, at: PolicyRule, prepared: PreparedWorld): Finding {
  const why = `it selects ${selectorText(selector)}, and there is none`;
  const wanted = wantedNamespace(selector);
  const known = prepared.pods.some(({ namespace }) => namespace === wanted);
  if (wanted !== undefined && known) {
    const fix = `namespaces have no such label unless you set it: write ${namespaceLabel(at.policy, wanted)}`;
    return nothing(at, why, fix);
  }
  const [other] = anyNamespace(selector, prepared);
  return nothing(
    at,
    why,
    other === undefined
      ? LABELS
      : `correct the labels of the namespace: such pods are in ${other.namespace}`,
  );
}

const namespaceLabel = ({ kind }: Policy, namespace: string): string =>
  kind === 'NetworkPolicy' || kind === 'StagedKubernetesNetworkPolicy'
    ? `kubernetes.io/metadata.name: ${namespace}`
    : `projectcalico.org/name == "${namespace}"`;

const nothing = (at: PolicyRule, why: string, fix: string): Finding =>
  about(at, { code: 'peer-matches-nothing', severity: 'warning', why, fix });
