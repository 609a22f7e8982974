import { netnsOf } from '../../dataplane/commands/names';
import type { ObservedFact } from '../../lab/answer';
import type { Endpoint, World } from '../../model/world';
import type { Sandbox } from '../../runtime/sandbox/sandbox';

/** Reads a fact of one endpoint; empty where the endpoint has no such thing. */
export async function readFact(
  fact: ObservedFact,
  endpoint: Endpoint,
  { sandbox, world }: { readonly sandbox: Sandbox; readonly world: World },
): Promise<string> {
  switch (fact) {
    case 'address':
      return endpoint.addresses[0] ?? '';
    case 'node':
      return endpoint.kind === 'pod' ? endpoint.node : '';
    case 'mac':
      return (await linkOf(endpoint, sandbox)).address ?? '';
    case 'host-device':
      return hostDevice(endpoint, sandbox, world);
  }
}

/** What `ip -j link` says of a device (iproute2). */
interface LinkRow {
  readonly ifname?: string;
  readonly ifindex?: number;
  readonly address?: string;
  readonly link_index?: number;
}

async function linkOf(endpoint: Endpoint, sandbox: Sandbox): Promise<LinkRow> {
  const argv = ['ip', '-j', 'link', 'show', 'eth0'];
  const { stdout } = await sandbox.exec(netnsOf(endpoint), argv);
  return (JSON.parse(stdout) as readonly LinkRow[])[0] ?? {};
}

/** The device at the node whose index is the peer index of the pod's. */
async function hostDevice(endpoint: Endpoint, sandbox: Sandbox, world: World): Promise<string> {
  const node = world.nodes.find(({ name }) => endpoint.kind === 'pod' && name === endpoint.node);
  if (node === undefined) return '';
  const { link_index } = await linkOf(endpoint, sandbox);
  const { stdout } = await sandbox.exec(netnsOf(node), ['ip', '-j', 'link', 'show']);
  const links = JSON.parse(stdout) as readonly LinkRow[];
  return links.find(({ ifindex }) => ifindex === link_index)?.ifname ?? '';
}
