import type { Command, Netns, Plan } from '../../dataplane/commands/command';
import { formatCidr } from '../../model/address';
import type { Survey } from './survey';

/**
 * What a namespace lacks of what a plan laid in it, in words. What was added since is ignored.
 * Of a device that is gone nothing else is said: all of it went along.
 */
export function missingFrom(found: Survey, plan: Plan, netns: Netns): readonly string[] {
  const indexes = new Map(found.links.map(({ device, index }) => [device, index]));
  const gone = new Set<string>();
  return plan.flatMap((command) => {
    const wanted = wantedOf(command, netns);
    if (wanted === undefined || gone.has(wanted.device)) return [];
    const index = indexes.get(wanted.device);
    if (index === undefined) {
      gone.add(wanted.device);
      return [`the device ${wanted.device}`];
    }
    return wanted.isIn(found, index) ? [] : [wanted.words];
  });
}

/** One thing that must be there, on a device. */
interface Wanted {
  readonly device: string;
  readonly words: string;
  readonly isIn: (found: Survey, index: number) => boolean;
}

/** What a command left behind; `undefined` where that is nothing about a device of this namespace. */
function wantedOf(command: Command, netns: Netns): Wanted | undefined {
  if (command.kind === 'add-veth') {
    const end = [command.a, command.b].find((one) => one.netns === netns);
    return end === undefined ? undefined : wantedEnd(end);
  }
  if (!('netns' in command) || command.netns !== netns) return undefined;
  switch (command.kind) {
    case 'set-link':
      return wantedState(command);
    case 'add-address':
      return wantedAddress(command);
    case 'add-route':
      return wantedRoute(command);
    case 'add-neighbour':
      return wantedNeighbour(command);
    default:
      return undefined;
  }
}

type Of<K extends Command['kind']> = Extract<Command, { readonly kind: K }>;

type Route = Extract<Command, { readonly kind: 'add-route' | 'remove-route' }>;

const wantedEnd = ({ device, mac }: { readonly device: string; readonly mac: string }): Wanted => ({
  device,
  words: `${device} with MAC ${mac}`,
  isIn: ({ links }, index) => links.some((link) => link.index === index && link.mac === mac),
});

const wantedState = ({ device, state }: Of<'set-link'>): Wanted => ({
  device,
  words: `${device} ${state}`,
  isIn: ({ links }, index) => links.some((link) => link.index === index && link.state === state),
});

const wantedAddress = ({ device, address, prefix }: Of<'add-address'>): Wanted => ({
  device,
  words: `${address}/${prefix} on ${device}`,
  isIn: ({ addresses }, index) =>
    addresses.some(
      (one) => one.index === index && one.address === address && one.prefix === prefix,
    ),
});

function wantedRoute({ to, hop, table }: Route): Wanted | undefined {
  if (!('device' in hop)) return undefined;
  const block = formatCidr(to);
  const gateway = hop.kind === 'via' ? hop.gateway : undefined;
  const via = gateway === undefined ? '' : ` via ${gateway}`;
  return {
    device: hop.device,
    words: `the route to ${block}${via} on ${hop.device}`,
    isIn: ({ routes }, index) =>
      routes.some(
        (one) =>
          one.index === index && one.to === block && one.gateway === gateway && one.table === table,
      ),
  };
}

const wantedNeighbour = ({ device, address, mac }: Of<'add-neighbour'>): Wanted => ({
  device,
  words: `the neighbour ${address} at ${mac} on ${device}`,
  isIn: ({ neighbours }, index) =>
    neighbours.some((one) => one.index === index && one.address === address && one.mac === mac),
});
