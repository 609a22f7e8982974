import type { PodEndpoint } from '../../model/world';
import type { Containers } from '../sandbox/containers';
import type { CniCall } from '../sandbox/protocol';
import { CniError } from './spec/error';
import { type LabNetworkConfig, type PodName, startOn } from './spec/lab-request';

/** Pods of the world that a lab shows. Throws `CniError` where it shows none. */
export function podsOf(containers: Containers, { lab }: LabNetworkConfig): readonly PodEndpoint[] {
  const pods = containers.pods();
  if (pods !== undefined) return pods;
  throw new CniError(50, 'not available', `lab ${lab} shows no cluster: it has no pods`);
}

/**
 * The pod that a container shall be. A name is a pod's own, or its workload's: then it means any of
 * its pods that stands on the runtime's node and is no container yet, for a runtime knows names
 * that a ReplicaSet made up and the lab's manifests do not.
 */
export function podFor(
  containers: Containers,
  asked: {
    readonly network: LabNetworkConfig;
    readonly name: PodName;
    readonly caller: CniCall['caller'];
  },
): PodEndpoint {
  const { network, name, caller } = asked;
  const all = podsOf(containers, network).filter(({ namespace }) => namespace === name.namespace);
  const exact = all.filter((pod) => pod.name === name.name);
  const named = exact.length > 0 ? exact : all.filter((pod) => workloadOf(pod) === name.name);
  if (named.length === 0) throw unknownPod(network, name, all);
  const here = named.filter(({ node }) => containers.isNode(node, caller.net));
  if (here.length === 0) throw wrongNode(network, named);
  const taken = (pod: PodEndpoint) => containers.filter((one) => isPod(one, pod));
  const free = here.find((pod) => taken(pod).length === 0);
  if (free !== undefined) return free;
  const holders = here.flatMap(taken).map(({ attachment }) => attachment.containerId);
  throw new CniError(
    11,
    'the pod is another container',
    `${holders.join(', ')} must leave first (DEL)`,
  );
}

const workloadOf = ({ workload }: PodEndpoint): string => workload.replace(/^.*\//, '');

const isPod = (a: PodName, b: PodName): boolean => a.namespace === b.namespace && a.name === b.name;

function unknownPod(
  { lab }: LabNetworkConfig,
  { namespace, name }: PodName,
  known: readonly PodEndpoint[],
): CniError {
  const names = known.map((pod) => pod.name).join(', ');
  const there = names === '' ? 'none in that namespace' : names;
  return new CniError(
    7,
    'the lab has no such pod',
    `${namespace}/${name} is not in lab ${lab} (there: ${there}): declare it first, as one does to the API server, by lab apply <file>`,
  );
}

function wrongNode(network: LabNetworkConfig, named: readonly PodEndpoint[]): CniError {
  const nodes = [...new Set(named.map(({ node }) => node))];
  const which = named.map(({ namespace, name }) => `${namespace}/${name}`).join(', ');
  return new CniError(
    4,
    'the pod belongs on another node',
    `${which}: on ${nodes.join(', ')}, and this runtime is not. Start it there: ${startOn(network, nodes[0] ?? '<node>')}`,
  );
}
