import type { Ip } from '../../model/address';
import { complain } from '../schema/at';
import type { Objects } from './kinds';
import type { PendingPod } from './pods';

/** Two of one name, two with one address. */
export function checkPods(pods: readonly PendingPod[], { nodes }: Objects): void {
  const names = new Map<string, PendingPod>();
  const holders = new Map<Ip, string>(
    nodes.flatMap(({ value }) =>
      value.addresses.map((address): [Ip, string] => [address, `node ${value.name}`]),
    ),
  );
  for (const pod of pods) {
    const name = `${pod.namespace}/${pod.name}`;
    const twin = names.get(name);
    // Where one object is written twice, that has been said.
    if (twin !== undefined && twin.workload !== pod.workload) {
      complain(pod.at, `two pods are named ${name} (also in ${twin.at.file})`, 'rename one');
    }
    names.set(name, pod);
    if (pod.hostNetwork) continue;
    for (const address of pod.addresses) {
      const holder = holders.get(address);
      if (holder !== undefined) {
        const place = { ...pod.at, path: 'status.podIP' };
        complain(place, `${address} is also the address of ${holder}`, 'give each its own');
      }
      holders.set(address, `pod ${name}`);
    }
  }
}
