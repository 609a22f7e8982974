import { type Attachment, type CniRequest, type Env, SUPPORTED_VERSIONS } from '../cni/call';
import { CHECK, CniError, NO_ADDRESS } from '../cni/cni-error';
import { type Ended, failed, succeeded } from '../cni/ended';
import { firstFree, heldBy, type Leases, lease, release } from '../cni/ipam';
import { type Network, readRequest } from '../cni/request';
import { type CniResult, resultOf } from '../cni/result';
import { familyOf } from '../model/address';
import { cableOf, cutCable, GATEWAYS, layCable } from './cni-cable';
import { checkCable } from './cni-check';
import { withLeases } from './cni-store';

/**
 * One call of the plugin where no lab runs, errors included: it never throws what a runtime should
 * read.
 */
export function runAlone(env: Env, stdin: string, hostname: string): Ended {
  try {
    return succeeded(perform(readRequest(env, stdin, hostname)));
  } catch (error) {
    return failed(error, stdin);
  }
}

function perform(request: CniRequest<Network>): object | undefined {
  switch (request.kind) {
    case 'VERSION':
      return { cniVersion: request.cniVersion, supportedVersions: SUPPORTED_VERSIONS };
    case 'ADD':
      return add(request);
    case 'CHECK':
      return check(request);
    case 'DEL':
      cutCable(cableOf(request.attachment));
      return change(request.network, (leases) => release(leases, unlike(request.attachment)));
    case 'GC':
      return collect(request.network, request.valid);
    case 'STATUS':
      return status(request.network);
  }
}

type OneInterface = Extract<CniRequest<Network>, { readonly netns: string }>;

/** The address is leased before the cable is laid, and given back where that fails. */
function add({ network, attachment, netns }: OneInterface): CniResult {
  const { cniVersion, mtu, prevResult, dns } = network;
  const addresses = leaseAll(network, attachment);
  const cable = cableOf(attachment);
  try {
    layCable(cable, netns, { addresses, mtu });
  } catch (error) {
    change(network, (leases) => release(leases, unlike(attachment)));
    throw error;
  }
  const ips = addresses.map((address) => {
    const family = familyOf(address);
    return { address, family, gateway: GATEWAYS[family] };
  });
  return resultOf(cniVersion, { ...cable, sandbox: netns, mtu, ips }, { prevResult, dns });
}

const leaseAll = (network: Network, attachment: Attachment) =>
  withLeases(network.dataDir, network.name, (before) => {
    if (heldBy(before, attachment).length > 0) {
      const who = `${attachment.containerId} ${attachment.ifname}`;
      throw new CniError(7, 'ADD was called twice', `${who} holds an address; call DEL first`);
    }
    let leases = before;
    const answer = network.pools.map((pool) => {
      const { node, blockPrefixes } = network;
      const blockPrefix = blockPrefixes[familyOf(pool.address)];
      const leased = lease(leases, { pool, blockPrefix, node }, attachment);
      if (leased === undefined) throw exhausted(network);
      leases = leased.leases;
      return leased.address;
    });
    return { leases, answer };
  });

const exhausted = ({ name, node }: Network): CniError =>
  new CniError(
    NO_ADDRESS,
    'no address is left',
    `the pools of '${name}' are full for node ${node}`,
  );

function check({ network, attachment, netns }: OneInterface): undefined {
  if (network.prevResult === undefined) {
    throw new CniError(7, 'invalid network configuration', 'CHECK needs prevResult');
  }
  const { dataDir, name } = network;
  const addresses = withLeases(dataDir, name, (leases) => {
    return { leases, answer: heldBy(leases, attachment) };
  });
  if (addresses.length === 0) {
    throw new CniError(CHECK, 'the container is not as it was left', 'it holds no address');
  }
  checkCable(cableOf(attachment), { netns, addresses });
}

/** Cables of containers that are gone went with their namespaces; what may be left is cut too. */
function collect(network: Network, valid: readonly Attachment[]): undefined {
  const isValid = (holder: Attachment) => valid.some((one) => !unlike(one)(holder));
  const stale = withLeases(network.dataDir, network.name, (before) => {
    const answer = Object.values(before.holders).filter((holder) => !isValid(holder));
    return { leases: answer.length === 0 ? before : release(before, isValid), answer };
  });
  for (const attachment of stale) cutCable(cableOf(attachment));
}

function status(network: Network): undefined {
  const { dataDir, name, pools, blockPrefixes, node } = network;
  withLeases(dataDir, name, (leases) => {
    for (const pool of pools) {
      const blockPrefix = blockPrefixes[familyOf(pool.address)];
      const free = firstFree(leases, { pool, blockPrefix, node });
      if (free === undefined) throw new CniError(50, 'not available', exhausted(network).details);
    }
    return { leases, answer: undefined };
  });
}

function change(network: Network, next: (leases: Leases) => Leases): undefined {
  withLeases(network.dataDir, network.name, (leases) => {
    return { leases: next(leases), answer: undefined };
  });
}

const unlike =
  ({ containerId, ifname }: Attachment) =>
  (holder: Attachment): boolean =>
    holder.containerId !== containerId || holder.ifname !== ifname;
