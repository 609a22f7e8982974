import { CHECK, CniError } from '../cni/cni-error';
import type { Ip } from '../model/address';
import { type Cable, SIDES, wiresOf } from './cni-cable';
import { inNamespace } from './cni-netns';
import { missingFrom } from './still-laid';
import { survey } from './survey';

/** Throws `CniError` where the cable, an address, a route or a neighbour is not as `layCable` left it. */
export function checkCable(
  cable: Cable,
  pod: { readonly netns: string; readonly addresses: readonly Ip[] },
): void {
  const { hostDevice, hostMac, device, mac } = cable;
  const a = { netns: SIDES.host, device: hostDevice, mac: hostMac };
  const b = { netns: SIDES.container, device, mac };
  const plan = [{ kind: 'add-veth', a, b, mtu: 0 } as const, ...wiresOf(cable, pod.addresses)];
  let inside: readonly string[] = [];
  inNamespace(pod.netns, (enter) => {
    inside = enter(() => missingFrom(survey(), plan, SIDES.container));
  });
  refuseMissing([...inside, ...missingFrom(survey(), plan, SIDES.host)]);
}

/** Throws `CniError` 103 where something is missing, and says what. */
export function refuseMissing(missing: readonly string[]): void {
  if (missing.length === 0) return;
  const details = `missing: ${missing.join(', ')}`;
  throw new CniError(CHECK, 'the container is not as it was left', details);
}
