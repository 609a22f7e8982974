import { familyOf } from '../../model/address';
import { unfilteredService } from './lookup';
import type { PathEnd } from './stop';
import type { VpcIndex, VpcInterface, VpcSending } from './types';

/** The device's name in a trace, as `unfilteredService` returns it. */
const METADATA = 'the instance metadata service';

/**
 * Why the instance metadata service does not answer its caller, or why that is not known; `undefined`
 * where it does. Where the hop limit is 1 (EC2 user guide, IMDSv2: PUT response hop limit), the answer
 * with the token is dropped one hop from the interface. A pod with its own address is one hop behind its
 * node; the node and its host-network pods are not.
 */
export function withoutMetadata(
  index: VpcIndex,
  { vpc, interface: { owner } }: VpcInterface,
  { source, destination, protocol, port }: VpcSending,
): PathEnd | undefined {
  if (unfilteredService(vpc, destination) !== METADATA || protocol !== 'TCP' || port !== 80)
    return undefined;
  const placement = owner.kind === 'node' ? index.placement(owner.node) : undefined;
  const end = (kind: PathEnd['kind'], because: string): PathEnd => ({
    device: METADATA,
    kind,
    object: 'metadata',
    because,
  });
  const { metadataHops: hops, metadataEndpoint: endpoint } = placement ?? {};
  if (endpoint === 'disabled') return end('denied', DISABLED);
  if (endpoint !== undefined) {
    return end('unknown', `whether it is enabled is not known: ${endpoint.unknown}`);
  }
  const [primary] = placement?.interfaces ?? [];
  const own = primary === undefined ? undefined : index.interface(primary);
  const first = own?.interface.addresses.find((one) => familyOf(one) === familyOf(source));
  if (source === first || hops === undefined) return undefined;
  if (typeof hops === 'object') {
    return end('unknown', `whether its answers reach a pod is not known: ${hops.unknown}`);
  }
  return hops > 1 ? undefined : end('denied', ONE_HOP);
}

const DISABLED = 'the node’s launch template disables it (MetadataOptions.HttpEndpoint: disabled)';

const ONE_HOP =
  'its answers may travel 1 hop (HttpPutResponseHopLimit), and a pod is one further than its node: no token ever reaches it';
