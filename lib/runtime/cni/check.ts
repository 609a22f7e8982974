import { type Ip, parseCidr } from '../../model/address';
import { missingFrom } from '../kernel/still-laid';
import { type Survey, survey } from '../kernel/survey';
import { type Cable, MAIN, SIDES, wiresOf } from './cable';
import { inNamespace } from './netns';
import { CHECK, CniError } from './spec/error';
import { containerEnd } from './spec/expected';
import type { CniInterface, CniResult } from './spec/result';

/** What CHECK is asked about. */
export interface Checked {
  readonly cable: Cable;
  readonly netns: string;
  /** Addresses that the store leased to this interface. */
  readonly addresses: readonly Ip[];
  readonly prevResult: CniResult;
}

/**
 * Reads both ends back from the kernel and compares them with prevResult: the interface and its MAC
 * address there may be the work of a plugin later in the chain (CNI specification 1.1, CHECK).
 * @throws CniError 103 where something is not as it was left; all of it in one error
 */
export function checkCable({ cable, netns, addresses, prevResult }: Checked): void {
  const { end, problems } = containerEnd(prevResult, { ifname: cable.device, netns, addresses });
  const a = { netns: SIDES.host, device: cable.hostDevice, mac: cable.hostMac };
  const b = { netns: SIDES.container, device: cable.device, mac: end?.mac ?? cable.mac };
  const laid = addresses.map((address) => ({ address, reaches: undefined }));
  const plan = [{ kind: 'add-veth', a, b, mtu: 0 } as const, ...wiresOf(cable, laid)];
  const inside = inNamespace(netns, (entered) =>
    entered.inside(() => {
      const found = survey();
      return [...missingFrom(found, plan, SIDES.container), ...missingRoutes(found, prevResult)];
    }),
  );
  refuseMissing([...problems, ...inside, ...missingFrom(survey(), plan, SIDES.host)]);
}

/** The MAC address and the routes of a result, which a namespace lacks. */
export function missingResult(
  found: Survey,
  prevResult: CniResult,
  end: CniInterface | undefined,
): readonly string[] {
  const link = found.links.find(({ device }) => device === end?.name);
  const isOther = end !== undefined && link !== undefined && link.mac !== end.mac;
  const mac = isOther ? [`${end.name} with MAC ${end.mac} (prevResult)`] : [];
  const routes = missingRoutes(found, prevResult).map((one) => `${one} on ${end?.name}`);
  return [...mac, ...routes];
}

/** Routes of the result that the container lacks; another gateway is another route. */
function missingRoutes(found: Survey, { routes = [] }: CniResult): readonly string[] {
  return routes.flatMap(({ dst, gw }) => {
    const block = parseCidr(dst);
    const to = 'problem' in block ? dst : `${block.address}/${block.prefix}`;
    const isThere = found.routes.some(
      (one) => one.to === to && one.table === MAIN && (gw === undefined || one.gateway === gw),
    );
    return isThere ? [] : [`the route to ${to}${gw === undefined ? '' : ` via ${gw}`}`];
  });
}

/** Throws `CniError` 103 where something is missing, and says what. */
export function refuseMissing(missing: readonly string[]): void {
  if (missing.length === 0) return;
  const details = `missing: ${[...new Set(missing)].join(', ')}`;
  throw new CniError(CHECK, 'the container is not as it was left', details);
}
