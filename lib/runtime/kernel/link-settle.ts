import type { Netns } from '../../dataplane/commands/command';
import { askLinkMessage, readLink } from './links';
import type { Namespaces } from './namespaces';
import { query } from './netlink';

/** Devices that were set up, by namespace. */
export type Woken = ReadonlyMap<Netns, ReadonlySet<string>>;

/**
 * Resolves when every device that has a carrier also carries packets.
 *
 * A device that is set up, or whose peer is, starts to send only when the kernel's link watch has
 * run (net/core/link_watch.c), a moment later or, on a busy machine, a long one; until then it
 * drops what it is given. A device without a carrier is not waited for.
 */
export async function linksSettled(namespaces: Namespaces, woken: Woken): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  for (const [netns, devices] of woken) {
    if (!namespaces.has(netns)) continue;
    const indexes = [...devices].flatMap((device) => namespaces.reserved(netns, device) ?? []);
    let waking = wakingOf(namespaces, netns, indexes);
    while (waking.length > 0 && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      waking = wakingOf(namespaces, netns, waking);
    }
  }
}

// Link watch runs once a second at the latest.
const PATIENCE_MS = 2000;

function wakingOf(
  namespaces: Namespaces,
  netns: Netns,
  indexes: readonly number[],
): readonly number[] {
  const waking: number[] = [];
  query(namespaces.rtnetlink(netns), indexes.map(askLinkMessage), (_type, body) => {
    const { index, state } = readLink(body);
    if (state === 'waking') waking.push(index);
  });
  return waking;
}
