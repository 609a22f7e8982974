import type { World } from '../model/world';
import {
  EVERY_POD,
  type MapDetail,
  type MapStage,
  namespaceId,
  outsideId,
  workloadId,
} from './ends';

/** A box of a map before it has a place: what it says. */
export interface MapItem {
  readonly id: string;
  readonly kind: 'workload' | 'namespace' | 'outside' | 'interface';
  readonly title: string;
  /** The second line. */
  readonly detail: string;
  readonly about: string;
}

/** What a map shows: groups of workloads, and what stands outside of every group. */
export interface MapInventory {
  /** Namespaces with their workloads; empty groups where namespaces are the boxes. */
  readonly groups: readonly {
    readonly id: string;
    readonly title: string;
    readonly items: readonly MapItem[];
  }[];
  readonly outside: readonly MapItem[];
}

/** Stands for all workloads where each of them has the same line. */
export const everyPod = (pods: number): MapItem => ({
  id: EVERY_POD,
  kind: 'outside',
  title: 'every pod',
  detail: plural(pods, 'pod'),
  about: `every pod of the cluster, ${pods} in all`,
});

/** The system's own namespaces come last, whatever their names. */
const SYSTEM = /^(kube-|calico-|tigera-|amazon-|aws-|istio-|gateway-|kyverno)/;

/** Everything that is there at one stage at least; what it says is as at the last of them. */
export function inventoryOf(stages: readonly MapStage[], detail: MapDetail): MapInventory {
  const worlds = stages.map(({ world }) => world);
  const names = [...new Set(worlds.flatMap(({ pods }) => pods.map(({ namespace }) => namespace)))];
  const sorted = [
    ...names.filter((one) => !SYSTEM.test(one)),
    ...names.filter((one) => SYSTEM.test(one)),
  ];
  const outside = lastOf(worlds.flatMap(outsideItems));
  if (detail === 'namespaces') {
    const cards = lastOf(worlds.flatMap(namespaceItems));
    const byId = new Map(cards.map((card) => [card.id, card]));
    const items = sorted.flatMap((name) => byId.get(namespaceId(name)) ?? []);
    return { groups: [], outside: [...items, ...outside] };
  }
  const workloads = lastOf(worlds.flatMap(workloadItems));
  return {
    groups: sorted.map((name) => {
      const prefix = `workload:${name}/`;
      const items = workloads.filter(({ id }) => id.startsWith(prefix));
      return { id: namespaceId(name), title: name, items };
    }),
    outside,
  };
}

/** One item an id, in the order they first appear, as the last one says it. */
const lastOf = (items: readonly MapItem[]): readonly MapItem[] => [
  ...new Map(items.map((item) => [item.id, item])).values(),
];

interface Counted {
  readonly namespace: string;
  readonly workload: string;
  count: number;
  readonly ports: Set<number>;
}

function workloadItems({ pods, services }: World): readonly MapItem[] {
  const counted = new Map<string, Counted>();
  for (const pod of pods) {
    const { namespace, workload, ports } = pod;
    const id = workloadId(pod);
    const known = counted.get(id) ?? { namespace, workload, count: 0, ports: new Set() };
    counted.set(id, known);
    known.count += 1;
    for (const { port } of ports) known.ports.add(port);
  }
  const podAt = new Map(
    pods.flatMap((pod) => pod.addresses.map((one) => [one as string, workloadId(pod)] as const)),
  );
  const servicesOf = new Map<string, Set<string>>();
  for (const { name, ports, type } of services) {
    const label = type === 'ClusterIP' ? name : `${name} (${type})`;
    for (const { address } of ports.flatMap(({ backends }) => backends)) {
      const id = podAt.get(address);
      if (id !== undefined) servicesOf.set(id, (servicesOf.get(id) ?? new Set()).add(label));
    }
  }
  return [...counted].map(([id, { namespace, workload, count, ports }]): MapItem => {
    const [kind = '', name = workload] = workload.split('/');
    const amount = count === 1 ? '1 pod' : `${count} pods`;
    const own = [...ports].toSorted((a, b) => a - b);
    const services = [...(servicesOf.get(id) ?? [])];
    const behind = services.length === 0 ? '' : `; behind Service ${services.join(', ')}`;
    const serving = own.length === 0 ? '' : `, ports ${own.join(', ')}`;
    return {
      id,
      kind: 'workload',
      title: name,
      detail: own.length === 0 ? amount : `${amount} · ${shortPorts(own)}`,
      about: `${kind} ${namespace}/${name}: ${amount}${serving}${behind}`,
    };
  });
}

const shortPorts = (ports: readonly number[]): string =>
  ports.length <= 3 ? ports.join(', ') : `${ports.slice(0, 2).join(', ')} +${ports.length - 2}`;

function namespaceItems({ pods }: World): readonly MapItem[] {
  const counted = new Map<string, { readonly workloads: Set<string>; count: number }>();
  for (const { namespace, workload } of pods) {
    const known = counted.get(namespace) ?? { workloads: new Set(), count: 0 };
    counted.set(namespace, known);
    known.workloads.add(workload);
    known.count += 1;
  }
  return [...counted].map(([name, { workloads, count }]): MapItem => {
    const detail = `${plural(workloads.size, 'workload')} · ${plural(count, 'pod')}`;
    const id = namespaceId(name);
    return { id, kind: 'namespace', title: name, detail, about: `namespace ${name}: ${detail}` };
  });
}

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

function outsideItems({ outside, vpcs }: World): readonly MapItem[] {
  const hosts = outside.map((host): MapItem => {
    const [address = ''] = host.addresses;
    const about = `outside the cluster: ${host.name}, ${host.addresses.join(', ')}`;
    const detail = host.name === address ? '' : address;
    return { id: outsideId(host), kind: 'outside', title: host.name, detail, about };
  });
  const machines = vpcs
    .flatMap(({ interfaces }) => interfaces)
    .flatMap(({ id, owner, addresses: [address = ''] }): readonly MapItem[] => {
      if (owner.kind !== 'resource' || owner.type === 'AWS::Lambda::Function') return [];
      const about = `${owner.type} ${id}, ${address}`;
      return [{ id: `interface:${id}`, kind: 'interface', title: id, detail: address, about }];
    });
  return [...hosts, ...machines];
}
