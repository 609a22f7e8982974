import { type Cidr, contains, type Ip, PRIVATE_BLOCKS, parseIp } from '../model/address';
import { type FlowEnd, formatEnd } from '../model/flow';
import type { World } from '../model/world';
import { detached } from './detached';
import { createEnds } from './ends';
import type { RecordEnd } from './observation';
import { podBlocks } from './pod-blocks';
import { createPodNames } from './pod-names';
import { createTenants, type Tenants } from './tenants';

/** Who a record's end stands for. Equal ends are the same object. */
export interface RecordParty {
  /** From 0, in the order they are first seen. */
  readonly id: number;
  /** How it is shown: `shop/web`, `node:a`, `10.9.0.5`, `shop/web-5d4f8-*`. */
  readonly name: string;
  /** All pods that it may be, where replicas share the name; empty where it cannot be told. */
  readonly ends: readonly FlowEnd[];
  readonly unknown?: UnknownParty;
  /** Calico's public network, which is wider than the internet. */
  readonly isCalicoPublic?: true;
}

/** Why the pod or host behind an end is not known. */
export type UnknownParty =
  /** No manifest has this name. */
  | 'name'
  /** An address that pods are given, and that none of the manifests has. */
  | 'gone-address'
  /** The pod that has the address now did not have it at that time. */
  | 'other-time'
  /** Calico does not name private addresses. */
  | 'private-network';

/** Finds the party that a record's end stands for at a time; nothing where it is no address. */
export type Parties = (
  end: RecordEnd,
  start: number | undefined,
  until: number | undefined,
) => RecordParty | undefined;

/** Prepares the lookups in one world. */
export function createParties(world: World): Parties {
  const byKey = new Map<string, RecordParty>();
  const party = (name: string, rest: Omit<RecordParty, 'id' | 'name'>): RecordParty => {
    const key = `${name} ${rest.unknown ?? ''}`;
    const known = byKey.get(key);
    if (known !== undefined) return known;
    const made: RecordParty = { id: byKey.size, name, ...rest };
    byKey.set(key, made);
    return made;
  };
  const named = createNamed(world, party);
  const at = createAddressed(world, party);
  return (end, start, until) => {
    if (typeof end === 'string') return at(end, start, until);
    if (end.kind !== 'network') return named(end);
    return end.network === 'public'
      ? party('PUBLIC NETWORK', { ends: [{ kind: 'internet' }], isCalicoPublic: true })
      : party('PRIVATE NETWORK', { ends: [], unknown: 'private-network' });
  };
}

type MakeParty = (name: string, rest: Omit<RecordParty, 'id' | 'name'>) => RecordParty;

/** Addresses, each with those who had it; one that always had one owner is looked up once. */
function createAddressed(
  world: World,
  party: MakeParty,
): (text: string, start: number | undefined, until: number | undefined) => RecordParty | undefined {
  const tenants = createTenants(world);
  const blocks = podBlocks(world);
  const settled = new Map<string, RecordParty>();
  const ownerOf = (text: string, address: Ip, at: Times): RecordParty => {
    const known = tenants(address);
    if (known === undefined) return outside(party, address, blocks);
    const end = tenantAt(known, at);
    if (end === undefined) return party(text, { ends: [], unknown: 'other-time' });
    return party(formatEnd(end).replace(/^ip:/, ''), { ends: [end] });
  };
  return (text, start, until) => {
    const cached = settled.get(text);
    if (cached !== undefined) return cached;
    const address = parseIp(text);
    if (address === undefined) return undefined;
    const found = ownerOf(text, address, { start, until });
    if (tenants(address)?.some(({ isTimed }) => isTimed) !== true) {
      settled.set(detached(text), found);
    }
    return found;
  };
}

interface Times {
  readonly start: number | undefined;
  readonly until: number | undefined;
}

/** Who had an address at that time; without a time, the only one who ever had it. */
function tenantAt(all: Tenants, { start, until }: Times): FlowEnd | undefined {
  if (start === undefined) return all.length === 1 ? all[0]?.end : undefined;
  return all.find(({ from, to }) => from <= (until ?? start) && start >= from && start <= to)?.end;
}

function outside(party: MakeParty, address: Ip, blocks: readonly Cidr[]): RecordParty {
  const isPods = blocks.some((block) => contains(block, address));
  return isPods
    ? party(address, { ends: [], unknown: 'gone-address' })
    : party(address, { ends: [{ kind: 'ip', address }] });
}

type NamedEnd = Exclude<RecordEnd, string | { readonly kind: 'network' }>;

function createNamed(world: World, party: MakeParty): (end: NamedEnd) => RecordParty {
  const podsNamed = createPodNames(world.pods);
  const others = createOthers(world);
  return (end) => {
    const place = end.namespace === undefined || end.namespace === '' ? '' : `${end.namespace}/`;
    const name = `${place}${end.name}`;
    const pods = end.kind === 'pod' ? podsNamed(end.namespace, end.name) : [];
    const same = pods.length > 0 ? pods : madeBy(world, end);
    if (same.length > 0) {
      const ends = same.map(
        (pod): FlowEnd => ({ kind: 'pod', namespace: pod.namespace, name: pod.name }),
      );
      return party(name, { ends });
    }
    const other = others(end);
    return other === undefined
      ? party(name, { ends: [], unknown: 'name' })
      : party(name, { ends: [other] });
  };
}

/** Pods of the workload that the record names, where the pod itself is gone. */
const madeBy = ({ pods }: World, end: NamedEnd): World['pods'] =>
  end.kind === 'pod' && end.workload !== undefined
    ? pods.filter(
        ({ namespace, workload }) => namespace === end.namespace && workload === end.workload,
      )
    : [];

/** Network sets, host endpoints, nodes and outside hosts by name. A set stands for its first address. */
function createOthers(world: World): (end: NamedEnd) => FlowEnd | undefined {
  const ends = createEnds(world);
  const hosts = new Map(world.hostEndpoints.map(({ name, node }) => [name, node]));
  return ({ name, namespace = '' }) => {
    const set = world.networkSets.find(
      (one) => one.name === name && (one.namespace ?? '') === namespace,
    );
    const [net] = set?.nets ?? [];
    if (net !== undefined) return { kind: 'ip', address: net.address };
    const node =
      hosts.get(name) ?? (world.nodes.some((one) => one.name === name) ? name : undefined);
    if (node !== undefined) return { kind: 'node', name: node };
    return namespace === '' ? ends.named(name) : undefined;
  };
}

/** Is this address not routed on the internet? */
export const isPrivate = (text: string): boolean => {
  const address = parseIp(text);
  return address !== undefined && PRIVATE_BLOCKS.some((block) => contains(block, address));
};
