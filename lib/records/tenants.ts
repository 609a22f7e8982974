import type { Ip } from '../model/address';
import type { FlowEnd } from '../model/flow';
import type { FinishedPod, World } from '../model/world';
import { ownAddresses } from './ends';
import { lastingWorkload } from './pod-names';

/** Who had an address, from when to when, in seconds since 1970. */
interface Tenant {
  readonly end: FlowEnd;
  readonly from: number;
  readonly to: number;
  /** The manifests say when it had the address, or that others had it too. */
  readonly isTimed: boolean;
}

export type Tenants = readonly Tenant[];

/**
 * Who had each address: endpoints there are, from the start of their pod, and pods that ended. A flow
 * of an ended pod is one of its workload, so another pod of the same workload stands for it.
 */
export function createTenants(world: World): (address: Ip) => Tenants | undefined {
  const all = new Map<string, Tenant[]>();
  const add = (address: Ip, tenant: Omit<Tenant, 'isTimed'>): void => {
    const others = all.get(address) ?? [];
    const isTimed = Number.isFinite(tenant.from) || Number.isFinite(tenant.to);
    all.set(address, [...others, { ...tenant, isTimed }]);
  };
  for (const pod of world.finishedPods ?? []) {
    const end = standIn(world, pod);
    if (end === undefined) continue;
    const { startedAt: from = Number.NEGATIVE_INFINITY, finishedAt: to } = pod;
    // Without its end it may have run at any time, so its address says nothing.
    if (to === undefined) continue;
    for (const address of ownAddresses(pod)) add(address, { end, from, to });
  }
  for (const pod of world.pods) {
    const { namespace, name, startedAt } = pod;
    const from = startedAt ?? Number.NEGATIVE_INFINITY;
    const end = { kind: 'pod', namespace, name } as const;
    for (const address of ownAddresses(pod)) {
      add(address, { end, from, to: Number.POSITIVE_INFINITY });
    }
  }
  for (const [address, end] of lasting(world)) {
    add(address, { end, from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY });
  }
  return (address) => all.get(address);
}

/** Nodes and outside hosts, whose addresses do not change hands. */
function* lasting({ nodes, outside }: World): Iterable<readonly [Ip, FlowEnd]> {
  for (const { name, addresses } of nodes) {
    for (const address of addresses) yield [address, { kind: 'node', name }];
  }
  for (const { name, addresses } of outside) {
    const [first] = addresses;
    if (first === undefined) continue;
    const end: FlowEnd =
      name === 'internet' ? { kind: 'internet' } : { kind: 'ip', address: first };
    for (const address of addresses) yield [address, end];
  }
}

function standIn({ pods }: World, ended: FinishedPod): FlowEnd | undefined {
  const key = lastingWorkload(ended.workload);
  const same = pods.filter(
    ({ namespace, workload }) => namespace === ended.namespace && lastingWorkload(workload) === key,
  );
  const pod = same.find(({ name }) => name === ended.name) ?? same[0];
  return pod === undefined ? undefined : { kind: 'pod', namespace: pod.namespace, name: pod.name };
}
