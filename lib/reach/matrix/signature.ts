import { formatEnd } from '../../model/flow';
import type { Peer, PortMatch, Rule, Traffic } from '../../model/policy';
import type { OrderedTier } from '../../model/policy-order';
import { type Labels, labelsIn, type Selector } from '../../model/selector';
import type { World } from '../../model/world';
import { isWorkload } from '../ends/party';
import type { Party } from '../ends/types';
import { backendAddresses } from '../policy/members';
import { createStretches } from '../policy/stretches';

/** A text that two ends share only if no policy can tell them apart. */
export type SignatureOf = (parties: readonly Party[]) => string;

/**
 * Reduces an end to what the policies ask about it: the values of labels that some selector
 * names, the place of its address between the blocks that some rule names, ports that some rule
 * names. Pods of one workload nearly always come out the same. Ends that are no workload stand alone.
 */
export function createSignature(world: World, tiers: readonly OrderedTier[]): SignatureOf {
  const rules = tiers.flatMap(({ policies }) =>
    policies.flatMap((policy) => [...(policy.ingress ?? []), ...(policy.egress ?? [])]),
  );
  const peers = rules.flatMap(peersOf);
  const labels = labelsAsked(tiers, peers);
  const stretch = createStretches(
    peers.flatMap(({ nets = [], notNets = [] }) => [...nets, ...notNets]),
  );
  const names = new Set(rules.flatMap(portNames));
  const behind = backendsAsked(world, peers);

  const address = (party: Party): string => {
    const single = behind.has(party.address) ? party.address : '';
    const identities = [...party.identities, {}, ...(party.possible ?? [])].map((identity) =>
      valuesOf(identity, labels),
    );
    const place = party.assumedAddress === true ? 'any' : stretch(party.bits);
    const open = party.open?.map((one) => one.openLabels.join()).join(';') ?? '';
    return `${open}|${party.family}|${place}|${single}|${identities.join('|')}`;
  };
  return (parties) => {
    const [first] = parties;
    if (first === undefined || !isWorkload(first)) return first ? formatEnd(first.end) : '';
    const ports = first.ports.filter(({ name }) => name !== undefined && names.has(name));
    const { openLabels, assumedNode, nodeChoice } = first.pod;
    const open = JSON.stringify([openLabels, assumedNode, nodeChoice]);
    return `${open}${ports.map((p) => `${p.name}/${p.protocol}/${p.port}`).join()} ${parties.map(address).join(' ')}`;
  };
}

const peersOf = ({ source, destination }: Rule): readonly Peer[] => [
  ...(source === 'any' ? [] : source),
  ...(destination === 'any' ? [] : destination),
];

function labelsAsked(tiers: readonly OrderedTier[], peers: readonly Peer[]): readonly string[] {
  const labels = new Set<string>();
  const seen = new Set<Selector>();
  const add = (selector: Selector | undefined): void => {
    if (selector === undefined || seen.has(selector)) return;
    seen.add(selector);
    for (const label of labelsIn(selector)) labels.add(label);
  };
  for (const { policies } of tiers) for (const { subject } of policies) add(subject);
  for (const { selector, notSelector } of peers) [selector, notSelector].forEach(add);
  return [...labels];
}

// A label that is missing and one that is empty are different answers to `has`.
const valuesOf = (identity: Labels, labels: readonly string[]): string =>
  labels
    .map((label) => (Object.hasOwn(identity, label) ? `=${identity[label]}` : '-'))
    .join('\u0000');

function backendsAsked(world: World, peers: readonly Peer[]): ReadonlySet<string> {
  const asked = new Set(
    peers.flatMap(({ service }) =>
      service === undefined ? [] : [`${service.namespace}/${service.name}`],
    ),
  );
  return new Set(
    world.services
      .filter(({ namespace, name }) => asked.has(`${namespace}/${name}`))
      .flatMap((service) => [...backendAddresses(service)]),
  );
}

const portNames = ({ traffic }: Rule): readonly string[] =>
  traffic === 'any' ? [] : traffic.flatMap(namesIn);

const namesIn = (traffic: Traffic): readonly string[] =>
  [
    traffic.destinationPorts,
    traffic.sourcePorts,
    traffic.notDestinationPorts ?? [],
    traffic.notSourcePorts ?? [],
  ].flatMap((ports) => (ports === 'any' ? [] : ports.flatMap(nameOf)));

const nameOf = (port: PortMatch): readonly string[] => ('name' in port ? [port.name] : []);
