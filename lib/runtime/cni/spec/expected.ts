import type { Ip } from '../../../model/address';
import type { CniInterface, CniResult } from './result';

/** The container's interface as a result lists it, and what differs from what the plugin knows. */
export interface ExpectedEnd {
  readonly end: CniInterface | undefined;
  readonly problems: readonly string[];
}

/**
 * Compares prevResult with what the plugin knows of the interface: its name, its namespace and its
 * addresses (CNI specification 1.1: "The plugin must consult the prevResult to determine the expected
 * interfaces and addresses").
 */
export function containerEnd(
  prevResult: CniResult,
  known: { readonly ifname: string; readonly netns: string; readonly addresses: readonly Ip[] },
): ExpectedEnd {
  const { interfaces = [], ips = [] } = prevResult;
  const at = interfaces.findIndex(
    ({ name, sandbox }) => name === known.ifname && (sandbox ?? '') !== '',
  );
  const end = interfaces[at];
  if (end === undefined) {
    return { end, problems: [`${known.ifname} of a container in prevResult`] };
  }
  const listed = ips.filter((one) => one.interface === at).map(({ address }) => address);
  const held = known.addresses.map((address) => `${address}/${address.includes(':') ? 128 : 32}`);
  return {
    end,
    problems: [
      ...(end.sandbox === known.netns ? [] : [`${known.ifname} in ${end.sandbox} (prevResult)`]),
      ...held.filter((one) => !listed.includes(one)).map((one) => `${one} in prevResult`),
      ...listed.filter((one) => !held.includes(one)).map((one) => `${one} on ${known.ifname}`),
    ],
  };
}
