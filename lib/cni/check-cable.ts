import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { familyOf, type Ip } from '../model/address';
import { ifNameToIndex } from '../runtime/libc';
import type { Cable } from './cable';
import { CHECK, CniError } from './cni-error';
import { inNamespace } from './container-netns';

/** Throws `CniError` where the cable, an address or a route is not as `layCable` left it. */
export function checkCable(
  { hostDevice, device, mac }: Cable,
  pod: { readonly netns: string; readonly addresses: readonly Ip[] },
): void {
  const missing: string[] = [];
  if (ifNameToIndex(hostDevice) === 0) missing.push(`${hostDevice} on the host`);
  const routes = readFileSync('/proc/thread-self/net/route', 'utf8');
  if (pod.addresses.some((address) => familyOf(address) === 4) && !routes.includes(hostDevice)) {
    missing.push(`the route to ${pod.addresses.join(' ')}`);
  }
  inNamespace(pod.netns, (inside) =>
    inside(() => {
      const found = networkInterfaces()[device] ?? [];
      if (found.length === 0) missing.push(`${device} in the container`);
      else if (found[0]?.mac !== mac) missing.push(`${device} with MAC ${mac}`);
      for (const address of pod.addresses) {
        if (!found.some((entry) => entry.address === address))
          missing.push(`${address} on ${device}`);
      }
    }),
  );
  if (missing.length > 0) {
    throw new CniError(
      CHECK,
      'the container is not as it was left',
      `missing: ${missing.join(', ')}`,
    );
  }
}
