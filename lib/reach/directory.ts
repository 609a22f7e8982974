import type { Ip } from '../model/address';
import type { FlowEnd } from '../model/flow';
import { formatEnd } from '../model/flow';
import { interfaceNamed } from '../model/interface';
import type { NodeEndpoint, PodEndpoint, World } from '../model/world';
import { createPartyMaker, type Party, type PartyMaker } from './party';

/** Finds who has an address and who stands behind a name, in one world. */
export interface Directory {
  readonly world: World;
  readonly pod: (namespace: string, name: string) => PodEndpoint | undefined;
  readonly node: (name: string) => NodeEndpoint | undefined;
  /** The parties one end stands for, one an address; `undefined` where nobody has that name. */
  readonly parties: (end: FlowEnd) => readonly Party[] | undefined;
  /** The party at an address, whoever has it. */
  readonly at: (address: Ip) => Party;
}

/** Indexes a world by address and by name. */
export function createDirectory(world: World): Directory {
  const pods = new Map(world.pods.map((pod) => [`${pod.namespace}/${pod.name}`, pod]));
  const nodes = new Map(world.nodes.map((node) => [node.name, node]));
  const make = createPartyMaker(world);
  const at = finder(world, make);
  const memo = new Map<string, readonly Party[] | undefined>();

  const resolve = (end: FlowEnd): readonly Party[] | undefined => {
    switch (end.kind) {
      case 'pod': {
        const pod = pods.get(`${end.namespace}/${end.name}`);
        return pod?.addresses.map((address) => make(address, end, pod));
      }
      case 'node':
        return nodes.get(end.name)?.addresses.map((address) => make(address, end, undefined));
      case 'ip':
        return [{ ...at(end.address), end }];
      case 'eni':
        return interfaceNamed(world.vpcs, end.name)?.addresses.map((a) => make(a, end, undefined));
      case 'internet': {
        const internet = world.outside.find(({ name }) => name === 'internet');
        return internet?.addresses.map((address) => make(address, end, undefined));
      }
      case 'service':
        return undefined;
    }
  };

  const parties = (end: FlowEnd): readonly Party[] | undefined => {
    const key = `${end.kind} ${formatEnd(end)}`;
    if (!memo.has(key)) memo.set(key, resolve(end));
    return memo.get(key);
  };
  return {
    ...{ world, at, parties },
    pod: (namespace, name) => pods.get(`${namespace}/${name}`),
    node: (name) => nodes.get(name),
  };
}

/** Who has an address: a pod of its own, a node, or somebody only the address is known of. */
function finder(world: World, make: PartyMaker): (address: Ip) => Party {
  const workloads = world.pods.filter((pod) => !pod.hostNetwork);
  const podAt = new Map(workloads.flatMap((pod) => pod.addresses.map((a) => [a, pod])));
  const nodeAt = new Map(world.nodes.flatMap((node) => node.addresses.map((a) => [a, node])));
  return (address) => {
    const pod = podAt.get(address);
    const node = nodeAt.get(address);
    if (pod !== undefined) {
      const { namespace, name } = pod;
      return make(address, { kind: 'pod', namespace, name }, pod);
    }
    if (node !== undefined) return make(address, { kind: 'node', name: node.name }, undefined);
    return make(address, { kind: 'ip', address }, undefined);
  };
}
