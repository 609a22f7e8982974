import { familyOf, formatCidr, hostCidr, type Ip, parseCidr } from '../../model/address';
import { type Survey, survey } from '../kernel/survey';
import { cableOf, cutCable, GATEWAYS, layCable, MAIN, removeInside } from './cable';
import { checkCable } from './check';
import { type Attachment, type CniRequest, type Env, SUPPORTED_VERSIONS } from './spec/call';
import { failed, type PluginExit, succeeded } from './spec/ended';
import { CHECK, CniError, invalidNetwork, NO_ADDRESS } from './spec/error';
import {
  heldBy,
  type Leased,
  type Leases,
  lease,
  leaseRequested,
  nextFree,
  release,
  type Source,
} from './spec/ipam';
import { type OwnNetworkConfig, readRequest } from './spec/request';
import { type CniResult, resultOf } from './spec/result';
import { withLeases } from './store';

/** One call of the plugin where no lab runs. It never throws: every failure is an answer in JSON. */
export function runAlone(env: Env, stdin: string, hostname: string): PluginExit {
  try {
    return succeeded(perform(readRequest(env, stdin, hostname)));
  } catch (error) {
    return failed(error, stdin);
  }
}

function perform(request: CniRequest<OwnNetworkConfig>): object | undefined {
  switch (request.kind) {
    case 'VERSION':
      return { cniVersion: request.cniVersion, supportedVersions: SUPPORTED_VERSIONS };
    case 'ADD':
      return add(request);
    case 'CHECK':
      return check(request);
    case 'DEL':
      return remove(request);
    case 'GC':
      return collect(request.network, request.valid);
    case 'STATUS':
      return status(request.network);
  }
}

type OneInterface = Extract<CniRequest<OwnNetworkConfig>, { readonly netns: string }>;

/** The address is leased before the cable is laid, and given back where that fails. */
function add({ network, attachment, netns }: OneInterface): CniResult {
  const { cniVersion, mtu, prevResult, dns, pools, requested } = network;
  const addresses = leaseAll(network, attachment);
  const cable = cableOf(attachment, requested.mac);
  try {
    const laid = layCable(cable, netns, { addresses, pools, mtu });
    const ips = laid.map(({ address, reaches }) => {
      const family = familyOf(address);
      const gateway = GATEWAYS[family];
      return { address, family, gateway, reaches: reaches && formatCidr(reaches) };
    });
    return resultOf(cniVersion, { ...cable, sandbox: netns, mtu, ips }, { prevResult, dns });
  } catch (error) {
    change(network, (leases) => release(leases, unlike(attachment)));
    throw error;
  }
}

const leaseAll = (network: OwnNetworkConfig, attachment: Attachment): readonly Ip[] =>
  withLeases(network.dataDir, network.name, (before) => {
    if (heldBy(before, attachment).length > 0) {
      const who = `${attachment.containerId} ${attachment.ifname}`;
      throw new CniError(7, 'ADD was called twice', `${who} holds an address; call DEL first`);
    }
    const inUse = usedByHost(survey());
    const outside = network.requested.addresses.filter(
      (address) => !network.pools.some((pool) => familyOf(pool.address) === familyOf(address)),
    );
    if (outside.length > 0) {
      throw invalidNetwork([`${outside.join(', ')} is requested, and no pool is of its family`]);
    }
    let leases = before;
    const answer = network.pools.map((pool) => {
      const leased = leaseFrom(leases, {
        network,
        source: sourceOf(network, pool, inUse),
        attachment,
      });
      leases = leased.leases;
      return leased.address;
    });
    return { leases, answer };
  });

function leaseFrom(
  leases: Leases,
  wish: {
    readonly network: OwnNetworkConfig;
    readonly source: Source;
    readonly attachment: Attachment;
  },
): Leased {
  const { network, source, attachment } = wish;
  const family = familyOf(source.pool.address);
  const address = network.requested.addresses.find((one) => familyOf(one) === family);
  if (address === undefined) {
    const leased = lease(leases, source, attachment);
    if (leased === undefined) throw exhausted(network);
    return leased;
  }
  const leased = leaseRequested(leases, source, { address, attachment });
  if (!('why' in leased)) return leased;
  if (leased.kind === 'outside' || leased.kind === 'reserved') throw invalidNetwork([leased.why]);
  throw new CniError(NO_ADDRESS, 'the requested address cannot be given', leased.why);
}

const sourceOf = (
  { blockPrefixes, node, exclude }: OwnNetworkConfig,
  pool: Source['pool'],
  inUse: ReadonlySet<Ip>,
): Source => ({ pool, blockPrefix: blockPrefixes[familyOf(pool.address)], node, exclude, inUse });

/**
 * Addresses of the host, and those that it has a route to: a container's, even where the store was
 * lost, or another program's.
 */
function usedByHost({ addresses, routes }: Survey): ReadonlySet<Ip> {
  const routed = routes.flatMap(({ to, table }) => {
    const block = parseCidr(to);
    if (table !== MAIN || 'problem' in block) return [];
    return block.prefix === hostCidr(block.address).prefix ? [block.address] : [];
  });
  return new Set([...addresses.map(({ address }) => address), ...routed]);
}

const exhausted = ({ name, node }: OwnNetworkConfig): CniError =>
  new CniError(
    NO_ADDRESS,
    'no address is left',
    `the pools of '${name}' are full for node ${node}`,
  );

function check({ network, attachment, netns }: OneInterface): undefined {
  const { dataDir, name, prevResult } = network;
  if (prevResult === undefined) throw invalidNetwork(['CHECK needs prevResult']);
  const addresses = withLeases(dataDir, name, (leases) => {
    return { leases, answer: heldBy(leases, attachment) };
  });
  if (addresses.length === 0) {
    throw new CniError(CHECK, 'the container is not as it was left', 'it holds no address');
  }
  checkCable({ cable: cableOf(attachment), netns, addresses, prevResult });
}

/** The cable goes first, so that an address is free only when no container has it any more. */
function remove({ network, attachment, netns }: OneInterface): undefined {
  const cable = cableOf(attachment);
  cutCable(cable);
  withLeases(network.dataDir, network.name, (leases) => {
    const isOurs = heldBy(leases, attachment).length > 0;
    removeInside(cable, netns, isOurs);
    return { leases: isOurs ? release(leases, unlike(attachment)) : leases, answer: undefined };
  });
}

/** Cables of containers that are gone went with their namespaces; what may be left is cut too. */
function collect(network: OwnNetworkConfig, valid: readonly Attachment[]): undefined {
  const isValid = (holder: Attachment) => valid.some((one) => !unlike(one)(holder));
  const stale = withLeases(network.dataDir, network.name, (before) => {
    const answer = Object.entries(before.holders).filter(([, holder]) => !isValid(holder));
    return { leases: answer.length === 0 ? before : release(before, isValid), answer };
  });
  const found = survey();
  for (const [address, attachment] of stale) {
    // Names follow from id and interface: the same cable may lead to a living container of another network.
    const cable = cableOf(attachment);
    if (leadsTo(found, cable.hostDevice, hostBlock(address as Ip))) cutCable(cable);
  }
}

const hostBlock = (address: Ip): string => formatCidr(hostCidr(address));

function leadsTo({ links, routes }: Survey, device: string, block: string): boolean {
  const index = links.find((link) => link.device === device)?.index;
  if (index === undefined) return false;
  const own = routes.filter((route) => route.index === index && route.table === MAIN);
  const isBare = own.every(({ to }) => to.startsWith('fe80:'));
  return isBare || own.some(({ to }) => to === block);
}

function status(network: OwnNetworkConfig): undefined {
  const { dataDir, name, pools } = network;
  withLeases(dataDir, name, (leases) => {
    const inUse = usedByHost(survey());
    for (const pool of pools) {
      const free = nextFree(leases, sourceOf(network, pool, inUse));
      if (free === undefined) throw new CniError(50, 'not available', exhausted(network).details);
    }
    return { leases, answer: undefined };
  });
}

function change(network: OwnNetworkConfig, next: (leases: Leases) => Leases): undefined {
  withLeases(network.dataDir, network.name, (leases) => {
    return { leases: next(leases), answer: undefined };
  });
}

const unlike =
  ({ containerId, ifname }: Attachment) =>
  (holder: Attachment): boolean =>
    holder.containerId !== containerId || holder.ifname !== ifname;
