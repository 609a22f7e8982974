import { cidr as cidrOf, formatCidr, type Ip } from '../model/address';
import type { FlowEnd, Protocol } from '../model/flow';
import { type FlowEvidence, joinEvidence, type SeenFlow } from '../model/flow-evidence';
import { interfaceNamed } from '../model/interface';
import type { World } from '../model/world';
import type { Block } from './block';
import { blocksOf, mergeBlocks, type OutsideRules } from './outside';
import { type SelectableWorkload, workloadId } from './workloads';

/** Who is on one side of a call, as a policy can say it. */
export type CallEnd =
  | { readonly kind: 'workload'; readonly workload: SelectableWorkload }
  | CallAddresses;

/** Addresses: blocks, and what they leave out. */
export interface CallAddresses {
  readonly kind: 'addresses';
  readonly blocks: readonly Block[];
  /** How it is shown: an address, `nodes`, `internet`. */
  readonly name: string;
  /** Why they are more than what was seen. */
  readonly widened?: string;
}

/** One workload (or address) calling another on a port. */
export interface WorkloadCall {
  readonly from: CallEnd;
  readonly to: CallEnd;
  readonly protocol: Protocol;
  readonly port: number;
  /** Absent: the flows came without records. */
  readonly evidence?: FlowEvidence;
}

/** Every host on the internet: all but the private blocks (RFC 1918, RFC 6598, RFC 3927). */
const PUBLIC: Block = {
  cidr: '0.0.0.0/0',
  except: ['10.0.0.0/8', '100.64.0.0/10', '169.254.0.0/16', '172.16.0.0/12', '192.168.0.0/16'],
};

/**
 * What Calico calls a public network: all but RFC 1918 (felix collector endpoint.go, getSubnetType). Link-local
 * addresses and the instance's own services (EC2 guide: 169.254.169.254 and fd00:ec2::254; EKS Pod Identity:
 * 169.254.170.23 and fd00:ec2::23) are left out: a call to the internet must not open a node's credentials.
 */
const CALICO_PUBLIC: readonly Block[] = [
  {
    cidr: '0.0.0.0/0',
    except: ['10.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.168.0.0/16'],
  },
  { cidr: '::/0', except: ['fd00:ec2::/32', 'fe80::/10'] },
];

/** How ends outside of workloads become blocks. */
export interface CallRules extends OutsideRules {
  /** Blocks that nodes have their addresses in; empty: the addresses that the manifests give. */
  readonly nodeBlocks: readonly string[];
}

/** Flows as calls between workloads, each once; a flow without a port number is none. */
export function callsIn(
  world: World,
  workloads: ReadonlyMap<string, SelectableWorkload>,
  flows: readonly SeenFlow[],
  rules: CallRules = { named: [], nodeBlocks: [] },
): readonly WorkloadCall[] {
  const partyOf = createParties(world, workloads, rules);
  const calls = new Map<string, WorkloadCall>();
  // Replicas that share a name share its records, which count once.
  const counted = new Map<string, Set<FlowEvidence | undefined>>();
  for (const flow of flows) {
    const isWide = flow.isCalicoPublic === true;
    const [from, to] = [partyOf(flow.from, isWide), partyOf(flow.to, isWide)];
    if (from === undefined || to === undefined || typeof flow.port !== 'number') continue;
    const { protocol, port, evidence } = flow;
    const key = `${endKey(from)} ${endKey(to)} ${protocol} ${port}`;
    const known = calls.get(key);
    const before = counted.get(key) ?? new Set();
    const all = before.has(evidence) ? known?.evidence : joined(known?.evidence, evidence);
    counted.set(key, before.add(evidence));
    calls.set(key, { from, to, protocol, port, ...(all !== undefined && { evidence: all }) });
  }
  return [...calls.values()];
}

const endKey = (end: CallEnd): string =>
  end.kind === 'workload' ? end.workload.id : JSON.stringify(end.blocks);

const joined = (
  a: FlowEvidence | undefined,
  b: FlowEvidence | undefined,
): FlowEvidence | undefined => (a === undefined || b === undefined ? (a ?? b) : joinEvidence(a, b));

function createParties(
  world: World,
  workloads: ReadonlyMap<string, SelectableWorkload>,
  rules: CallRules,
): (end: FlowEnd, isWide: boolean) => CallEnd | undefined {
  const podNamed = new Map(world.pods.map((pod) => [`${pod.namespace}/${pod.name}`, pod]));
  const nodes = allNodes(world, rules.nodeBlocks);
  return (end, isWide) => {
    switch (end.kind) {
      case 'pod': {
        const pod = podNamed.get(`${end.namespace}/${end.name}`);
        const workload = pod && workloads.get(workloadId(pod));
        if (workload !== undefined) {
          return isSelectable(workload) ? { kind: 'workload', workload } : undefined;
        }
        return pod?.hostNetwork === true ? nodes : undefined;
      }
      case 'node':
        return nodes;
      case 'eni':
        return hosts(end.name, interfaceNamed(world.vpcs, end.name)?.addresses);
      case 'ip': {
        const { blocks, widened } = blocksOf(end.address, rules);
        const name = end.address;
        return { kind: 'addresses', blocks, name, ...(widened !== undefined && { widened }) };
      }
      case 'internet':
        return isWide ? CALICO : INTERNET;
      case 'service':
        return undefined;
    }
  };
}

/** Without a label that lasts a selector would mean every pod of the namespace. */
export const isSelectable = ({ hasPassingLabelsOnly }: SelectableWorkload): boolean =>
  !hasPassingLabelsOnly;

const INTERNET: CallAddresses = {
  kind: 'addresses',
  blocks: [PUBLIC],
  name: 'internet',
  widened: 'the internet: its addresses were not seen one by one, so every public one is allowed',
};

const CALICO: CallAddresses = {
  kind: 'addresses',
  blocks: CALICO_PUBLIC,
  name: 'PUBLIC NETWORK',
  widened:
    'PUBLIC NETWORK of Calico: every address is allowed but 10.0.0.0/8, 172.16.0.0/12 and 192.168.0.0/16, also 100.64.0.0/10 and all of IPv6, because Calico counts them as public; 169.254.0.0/16, fd00:ec2::/32 and fe80::/10 (instance metadata, EKS Pod Identity, NodeLocal DNSCache) stay closed, and calls to them are cut although Calico counts them as public too; a NetworkSet with those addresses keeps them in the next records',
};

/** Nodes come and go, and a host-network pod may run on each: a call of one is a call of all. */
function allNodes({ nodes }: World, nodeBlocks: readonly string[]): CallAddresses | undefined {
  const known = nodes
    .filter(({ assumedAddress }) => assumedAddress !== true)
    .flatMap(({ addresses }) => addresses);
  const blocks =
    nodeBlocks.length > 0
      ? nodeBlocks.map((cidr) => ({ cidr }))
      : known.map((address) => ({ cidr: hostText(address) }));
  if (blocks.length === 0) return undefined;
  const widened =
    nodeBlocks.length > 0
      ? `a call of a node is allowed from all of ${nodeBlocks.join(', ')} (--node-cidr)`
      : `a call of a node is allowed from and to all ${nodes.length} nodes of the manifests; nodes that join later are not: give their blocks with --node-cidr`;
  return { kind: 'addresses', blocks, name: 'nodes', widened };
}

function hosts(name: string, addresses: readonly Ip[] = []): CallAddresses | undefined {
  if (addresses.length === 0) return undefined;
  return {
    kind: 'addresses',
    name,
    blocks: addresses.map((one) => ({ cidr: hostText(one) })),
  };
}

const hostText = (address: Ip): string => `${address}/${address.includes(':') ? 128 : 32}`;

/** Blocks without doubles, halves joined; those with exceptions stand as they are. */
export function tidyBlocks(blocks: readonly Block[]): readonly Block[] {
  const plain = blocks.filter(({ except }) => except === undefined);
  const cidrs = plain.map(({ cidr }) => cidrOf(cidr));
  return [
    ...blocks.filter(({ except }) => except !== undefined),
    ...mergeBlocks(cidrs).map((one) => ({ cidr: formatCidr(one) })),
  ];
}
