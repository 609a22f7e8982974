import { familyOf } from '../model/address';
import type { Decision } from '../model/explanation';
import type { Sending } from './vpc';
import { nowhere } from './vpc-arrive';
import { type Standpoint, unfiltered, type VpcIndex } from './vpc-index';

/** What `unfiltered` calls it. */
export const METADATA = 'the instance metadata service';

/**
 * The answer with a session token dies one hop from the interface where the hop limit is 1 (EC2
 * user guide, IMDSv2: PUT response hop limit). A pod of its own is one hop behind its node, so its
 * token never comes; the node and pods on its network get theirs.
 */
export function outOfHops(
  index: VpcIndex,
  { vpc, interface: { owner } }: Standpoint,
  { source, destination, protocol, port }: Sending,
): Decision | undefined {
  if (unfiltered(vpc, destination) !== METADATA || protocol !== 'TCP' || port !== 80)
    return undefined;
  const placement = owner.kind === 'node' ? index.placement(owner.node) : undefined;
  const [primary] = placement?.interfaces ?? [];
  const own = primary === undefined ? undefined : index.interface(primary);
  const first = own?.interface.addresses.find((one) => familyOf(one) === familyOf(source));
  if (placement?.metadataHops !== 1 || source === first) return undefined;
  const because =
    'its answers may travel 1 hop (HttpPutResponseHopLimit of the node’s launch template), and a pod is one further than its node: no token ever reaches it';
  return nowhere('denied', 'metadata', because);
}
