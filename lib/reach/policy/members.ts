import { type Cidr, familyOf, type Ip, rangeOf } from '../../model/address';
import { lazy } from '../../model/lazy';
import type { Selector } from '../../model/selector';
import type { Service, World } from '../../model/world';
import type { Party } from '../ends/types';
import { type Bits, bitsWhere, emptyBits, fullBits, hasBit, or, setBit, without } from './bits';
import { type Fuzzy, fuzzy } from './fuzzy';
import { createLabelIndex } from './label-index';
import { createOpenLabels } from './open-labels';

/** The parties on one side of the flows under judgement, numbered from 0 and indexed for rules. */
export interface Members {
  readonly world: World;
  readonly parties: readonly Party[];
  readonly size: number;
  readonly all: Bits;
  /** The members that a rule's selector matches: endpoints and network sets. */
  readonly known: (selector: Selector) => Fuzzy;
  /** Nodes with such labels. */
  readonly nodes: (selector: Selector) => Fuzzy;
  /** Those with an address in one of the blocks; one whose address is not known `perhaps` has. */
  readonly inNets: (nets: readonly Cidr[]) => Fuzzy;
  readonly service: (namespace: string, name: string) => Service | undefined;
}

/** Numbers the parties and indexes their labels and addresses. */
export function createMembers(world: World, parties: readonly Party[]): Members {
  const size = parties.length;
  // A question about one packet needs few of these indexes, so each is made at its first use.
  const inNet = lazy(() => createNetIndex(parties));
  const known = lazy(() => createLabelIndex(parties.map(({ identities }) => identities)));
  const nodes = lazy(() =>
    createLabelIndex(
      parties.map(({ nodeLabels }) => (nodeLabels === undefined ? [] : [nodeLabels])),
    ),
  );
  const anywhere = lazy(() => parties.some((party) => party.assumedAddress));
  const maybe = lazy(() =>
    anywhere() ? createLabelIndex(parties.map(({ possible = [] }) => possible)) : undefined,
  );
  const open = createOpenLabels(parties);
  const unseen = lazy(() => bitsWhere(size, (i) => parties[i]?.assumedLabels === true));
  return {
    world,
    parties,
    size,
    all: fullBits(size),
    known: (selector) => {
      const sure = known()(selector);
      const perhaps = maybe()?.(selector);
      const asked = open(selector);
      if (asked === undefined) return fuzzy(sure, perhaps);
      const others = perhaps === undefined ? emptyBits(size) : without(perhaps, asked.all);
      return fuzzy(or(without(sure, asked.all), asked.sure), or(others, asked.perhaps));
    },
    nodes: (selector) => {
      const found = nodes()(selector);
      if (asksNothing(selector)) return fuzzy(found, undefined);
      const hidden = unseen();
      const sure = bitsWhere(size, (i) => hasBit(found, i) && !hasBit(hidden, i));
      return fuzzy(sure, hidden);
    },
    inNets: (nets) => {
      const result = emptyBits(size);
      for (const net of nets) inNet()(net, result);
      return fuzzy(result, anywhere() ? inSome(nets, parties) : undefined);
    },
    service: (namespace, name) =>
      world.services.find((s) => s.namespace === namespace && s.name === name),
  };
}

/** Whether a selector asks for no label but the node's own name, which is known. */
function asksNothing(selector: Selector): boolean {
  if (selector.kind === 'all') return true;
  if (selector.kind === 'and') return selector.operands.every(asksNothing);
  return selector.kind === 'equals' && selector.label === 'kubernetes.io/hostname';
}

/** Those whose address is not known and may lie in one of the blocks. */
function inSome(nets: readonly Cidr[], parties: readonly Party[]): Bits {
  const families = new Set(nets.map(({ address }) => familyOf(address)));
  return bitsWhere(parties.length, (i) => {
    const party = parties[i];
    return party?.assumedAddress === true && families.has(party.family);
  });
}

/** Adds the parties that surely have an address in a block to a set. */
function createNetIndex(parties: readonly Party[]): (net: Cidr, found: Bits) => void {
  const numbered = parties.map(({ assumedAddress, family, bits }, index) => {
    return { assumedAddress, family, bits, index };
  });
  const known = numbered
    .filter(({ assumedAddress }) => assumedAddress !== true)
    .sort((a, b) => a.family - b.family || (a.bits < b.bits ? -1 : 1));
  const assumed = numbered.filter(({ assumedAddress }) => assumedAddress === true);
  return (net, found) => {
    const family = familyOf(net.address);
    const [first, last] = rememberedRange(net);
    let at = firstFrom(known, family, first);
    for (let one = known[at]; one?.family === family && one.bits <= last; one = known[at]) {
      setBit(found, one.index);
      at += 1;
    }
    if (net.prefix > 0) return;
    for (const one of assumed) if (one.family === family) setBit(found, one.index);
  };
}

/** The place of the first of a family at or behind an address, in a list sorted by both. */
function firstFrom(
  sorted: readonly Pick<Party, 'family' | 'bits'>[],
  family: Party['family'],
  bits: bigint,
): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const one = sorted[middle];
    const isBefore = one !== undefined && (one.family - family || (one.bits < bits ? -1 : 0)) < 0;
    if (isBefore) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Ranges of the world's blocks: a rule with thousands of them is asked for each flow. */
const RANGES = new WeakMap<Cidr, ReturnType<typeof rangeOf>>();

function rememberedRange(net: Cidr): ReturnType<typeof rangeOf> {
  const known = RANGES.get(net) ?? rangeOf(net);
  RANGES.set(net, known);
  return known;
}

/** Addresses behind a Service, ready or not (Calico takes them from its EndpointSlices). */
export const backendAddresses = (service: Service): ReadonlySet<Ip> =>
  new Set(service.ports.flatMap(({ backends }) => backends.map(({ address }) => address)));
