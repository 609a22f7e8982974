import { type Cidr, familyOf, formatCidr, type Ip, rangeOf } from '../model/address';
import type { Selector } from '../model/selector';
import type { Service, World } from '../model/world';
import { addTo, type Bits, bitsWhere, emptyBits, fullBits } from './bits';
import { createLabelIndex } from './label-index';
import type { Party } from './party';

/** Everybody on one side of the flows under judgement, numbered from 0, indexed for rules. */
export interface Members {
  readonly world: World;
  readonly parties: readonly Party[];
  readonly size: number;
  readonly all: Bits;
  /** Whom a rule's selector finds: endpoints and network sets alike. */
  readonly known: (selector: Selector) => Bits;
  /** Nodes with such labels. */
  readonly nodes: (selector: Selector) => Bits;
  readonly inNets: (nets: readonly Cidr[]) => Bits;
  readonly service: (namespace: string, name: string) => Service | undefined;
}

/** Numbers the parties and indexes their labels and addresses. */
export function createMembers(world: World, parties: readonly Party[]): Members {
  const size = parties.length;
  // Whoever asks about one packet needs few of these, so each is made when it is first asked.
  const inNet = once(() => createNetIndex(parties));
  const known = once(() => createLabelIndex(parties.map(({ identities }) => identities)));
  const nodes = once(() =>
    createLabelIndex(
      parties.map(({ nodeLabels }) => (nodeLabels === undefined ? [] : [nodeLabels])),
    ),
  );
  return {
    ...{ world, parties, size, all: fullBits(size) },
    known: (selector) => known()(selector),
    nodes: (selector) => nodes()(selector),
    inNets: (nets) => {
      const result = emptyBits(size);
      for (const net of nets) addTo(result, inNet()(net));
      return result;
    },
    service: (namespace, name) =>
      world.services.find((s) => s.namespace === namespace && s.name === name),
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** Which parties have an address in a block; each block is looked through once. */
function createNetIndex(parties: readonly Party[]): (net: Cidr) => Bits {
  const byNet = new Map<string, Bits>();
  return (net) => {
    const key = formatCidr(net);
    const known = byNet.get(key);
    if (known !== undefined) return known;
    const [first, last] = rangeOf(net);
    const family = familyOf(net.address);
    const bits = bitsWhere(parties.length, (index) => {
      const party = parties[index];
      return party?.family === family && first <= party.bits && party.bits <= last;
    });
    byNet.set(key, bits);
    return bits;
  };
}

/** Addresses behind a Service, ready or not (Calico takes them from its EndpointSlices). */
export const backendAddresses = (service: Service): ReadonlySet<Ip> =>
  new Set(service.ports.flatMap(({ backends }) => backends.map(({ address }) => address)));
