import type { Ip } from '../../model/address';
import type { FlowEnd } from '../../model/flow';
import { formatEnd } from '../../model/flow';
import { interfacesNamed } from '../../model/interface';
import { lazy, lazyTable } from '../../model/lazy';
import type { NetworkInterface } from '../../model/vpc';
import type { Service, World } from '../../model/world';
import { createPartyMaker, type PartyMaker } from './party';
import type { Party, PartyDirectory } from './types';

/** Indexes a world by address and by name. */
export function createDirectory(world: World): PartyDirectory {
  const pods = new Map(world.pods.map((pod) => [`${pod.namespace}/${pod.name}`, pod]));
  const nodes = new Map(world.nodes.map((node) => [node.name, node]));
  const services = lazy(
    () => new Map(world.services.toReversed().map((one) => [`${one.namespace}/${one.name}`, one])),
  );
  const fronts = lazy(() => new Set(world.services.flatMap(addressesOf)));
  const make = createPartyMaker(world);
  const at = lazyTable(finder(world, make));

  const named = (
    interfaces: readonly NetworkInterface[],
    end: FlowEnd,
  ): readonly Party[] | undefined =>
    interfaces.length === 0
      ? undefined
      : interfaces.flatMap(({ id, addresses }) =>
          addresses.map((address) => ({ ...make(address, end, undefined), eni: id })),
        );
  const resolve = (end: FlowEnd): readonly Party[] | undefined => {
    switch (end.kind) {
      case 'pod': {
        const pod = pods.get(`${end.namespace}/${end.name}`);
        return pod?.addresses.map((address) => make(address, end, pod));
      }
      case 'node':
        return nodes.get(end.name)?.addresses.map((address) => make(address, end, undefined));
      case 'ip': {
        // An address that is only assumed for a pod or a node does not become theirs because a flow names it.
        const holder = at(end.address);
        const known = holder.assumedAddress === true ? make(end.address, end, undefined) : holder;
        return [{ ...known, end }];
      }
      case 'eni':
        return named(interfacesNamed(world.vpcs, end.name), end);
      case 'internet': {
        const internet = world.outside.find(({ name }) => name === 'internet');
        return internet?.addresses.map((address) => make(address, end, undefined));
      }
      case 'service':
        return undefined;
    }
  };

  const parties = lazyTable(resolve, (end) => `${end.kind} ${formatEnd(end)}`);
  return {
    world,
    at,
    parties,
    pod: (namespace, name) => pods.get(`${namespace}/${name}`),
    node: (name) => nodes.get(name),
    isFront: (address) => fronts().has(address),
    service: (namespace, name) => services().get(`${namespace}/${name}`),
  };
}

/** Every address that clients of a Service may call. */
const addressesOf = (service: Service): readonly Ip[] => [
  ...service.clusterIps,
  ...(service.externalIps ?? []),
  ...(service.balancerVips ?? []),
  ...(service.proxiedVips ?? []),
  ...(service.loadBalancer?.addresses ?? []),
];

/** Finds the holder of an address: a pod with its own address, a node, or nothing but the address. */
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
