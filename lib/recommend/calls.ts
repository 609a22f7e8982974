import type { Flow, FlowEnd, Protocol } from '../model/flow';
import { interfaceNamed } from '../model/interface';
import type { World } from '../model/world';
import { type Workload, workloadId } from './workloads';

/** Who is on one side of a call, as a policy can say it. */
export type Party =
  | { readonly kind: 'workload'; readonly workload: Workload }
  /** Addresses: blocks, and what they leave out. */
  | { readonly kind: 'addresses'; readonly blocks: readonly Block[] };

/** An `ipBlock` of a NetworkPolicy. */
export interface Block {
  readonly cidr: string;
  readonly except?: readonly string[];
}

/** One workload (or address) calling another on a port. */
export interface Call {
  readonly from: Party;
  readonly to: Party;
  readonly protocol: Protocol;
  readonly port: number;
}

/** Everybody with a public address: all but the private blocks (RFC 1918, RFC 6598, RFC 3927). */
const PUBLIC: Block = {
  cidr: '0.0.0.0/0',
  except: ['10.0.0.0/8', '100.64.0.0/10', '169.254.0.0/16', '172.16.0.0/12', '192.168.0.0/16'],
};

/** Flows as calls between workloads, each once; a flow without a port number is none. */
export function callsIn(
  world: World,
  workloads: ReadonlyMap<string, Workload>,
  flows: readonly Flow[],
): readonly Call[] {
  const partyOf = createParties(world, workloads);
  const calls = flows.flatMap((flow): Call[] => {
    const [from, to] = [partyOf(flow.from), partyOf(flow.to)];
    if (from === undefined || to === undefined || typeof flow.port !== 'number') return [];
    return [{ from, to, protocol: flow.protocol, port: flow.port }];
  });
  return [...new Map(calls.map((call) => [JSON.stringify(call), call])).values()];
}

function createParties(
  { pods, nodes, vpcs }: World,
  workloads: ReadonlyMap<string, Workload>,
): (end: FlowEnd) => Party | undefined {
  const podNamed = new Map(pods.map((pod) => [`${pod.namespace}/${pod.name}`, pod]));
  return (end) => {
    switch (end.kind) {
      case 'pod': {
        const pod = podNamed.get(`${end.namespace}/${end.name}`);
        const workload = pod && workloads.get(workloadId(pod));
        return workload ? { kind: 'workload', workload } : hosts(pod?.addresses);
      }
      case 'node':
        return hosts(nodes.find(({ name }) => name === end.name)?.addresses);
      case 'eni':
        return hosts(interfaceNamed(vpcs, end.name)?.addresses);
      case 'ip':
        return hosts([end.address]);
      case 'internet':
        return { kind: 'addresses', blocks: [PUBLIC] };
      case 'service':
        return undefined;
    }
  };
}

function hosts(addresses: readonly string[] = []): Party | undefined {
  if (addresses.length === 0) return undefined;
  const blocks = addresses.map((one) => ({ cidr: `${one}/${one.includes(':') ? 128 : 32}` }));
  return { kind: 'addresses', blocks };
}
