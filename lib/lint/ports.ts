import type { Finding } from '../model/finding';
import type { PortMatch, PortRange, Traffic } from '../model/policy';
import type { PodEndpoint, World } from '../model/world';
import { targetPods } from './candidates';
import { type Ground, rulesOf } from './ground';
import { about, podName, some } from './words';

type Place = ReturnType<typeof rulesOf>[number];

/** Ports that rules name and that mean nothing, everything, or something else than was thought. */
export const checkPorts = (ground: Ground): readonly Finding[] =>
  rulesOf(ground.world.policies).flatMap((place) => {
    const { traffic } = place.rule;
    return traffic === 'any' ? [] : traffic.flatMap((one) => checkTraffic(one, place, ground));
  });

function checkTraffic(traffic: Traffic, place: Place, ground: Ground): readonly Finding[] {
  const destination = traffic.destinationPorts === 'any' ? [] : traffic.destinationPorts;
  const source = traffic.sourcePorts === 'any' ? [] : traffic.sourcePorts;
  const ranges = [...destination, ...source].filter(isRange);
  return [
    ...ranges.flatMap((range) => oddRange(range, place)),
    ...destination.flatMap((port) =>
      isRange(port)
        ? notServed({ port, traffic, place }, ground)
        : unknownName({ port, traffic, place }, ground),
    ),
  ];
}

const isRange = (port: PortMatch): port is PortRange => 'first' in port;

function oddRange({ first, last }: PortRange, place: Place): readonly Finding[] {
  if (last === 0) {
    const why = 'it names port 0, which no connection can have';
    return [about(place, { code: 'port-zero', severity: 'error', why, fix: 'name the port' })];
  }
  if (first > 1 || last < 65535) return [];
  const why = `it names ports ${first} to ${last}, which is every port of the protocol`;
  const fix = 'leave the ports out: then it says what it means';
  return [about(place, { code: 'port-range-whole', severity: 'note', why, fix })];
}

interface Named<P> {
  readonly port: P;
  readonly traffic: Traffic;
  readonly place: Place;
}

const speaks = (traffic: Traffic, protocol: string): boolean =>
  traffic.protocol === 'any' || traffic.protocol === protocol;

/** A port name is looked up at each pod that is called; where none has it, the rule is empty. */
function unknownName(
  { port, traffic, place }: Named<{ readonly name: string }>,
  ground: Ground,
): readonly Finding[] {
  const pods = targetPods(place, ground) ?? [];
  const holding = pods.flatMap(({ ports }) => ports.filter(({ name }) => name === port.name));
  if (pods.length === 0 || holding.some(({ protocol }) => speaks(traffic, protocol))) return [];
  const [other] = holding;
  const names = pods.flatMap(({ ports }) => ports.flatMap(({ name }) => name ?? []));
  return [
    about(place, {
      code: 'named-port-unknown',
      severity: 'error',
      why:
        other === undefined
          ? `it names port '${port.name}', and ${some(pods.map(podName))} has no such port`
          : `it names ${traffic.protocol} port '${port.name}', which is a port of ${other.protocol}`,
      fix:
        other !== undefined
          ? `write protocol: ${other.protocol}`
          : names.length > 0
            ? `use ${some(names)}, or the number of the port`
            : 'name the port in the container, or write its number',
    }),
  ];
}

/** A number that none of the pods listens on: often the Service's port, not the pod's own. */
function notServed({ port, traffic, place }: Named<PortRange>, ground: Ground): readonly Finding[] {
  const pods = targetPods(place, ground) ?? [];
  const told = pods.length > 0 && pods.every(({ ports }) => ports.length > 0);
  const served = pods.some(({ ports }) =>
    ports.some((one) => speaks(traffic, one.protocol) && inRange(one.port, port)),
  );
  if (!told || served || place.rule.action === 'deny') return [];
  const behind = serviceTarget(port, pods, ground.world);
  const ports = pods.flatMap((pod) => pod.ports.map((one) => `${one.protocol} ${one.port}`));
  return [
    about(place, {
      code: 'port-not-served',
      severity: 'warning',
      why: `it names ${portText(traffic, port)}, and ${some(pods.map(podName))} listens on ${some(ports)}${behind === undefined ? '' : `: policy sees the pod's port, not the Service's`}`,
      fix: behind === undefined ? `write ${some(ports)}` : `write ${behind}`,
    }),
  ];
}

const inRange = (port: number, { first, last }: PortRange): boolean =>
  first <= port && port <= last;

const portText = ({ protocol }: Traffic, { first, last }: PortRange): string =>
  `${protocol === 'any' ? 'port' : `${protocol} port`} ${first === last ? first : `${first} to ${last}`}`;

/** The pods' port behind a Service's port of that number. */
function serviceTarget(
  range: PortRange,
  pods: readonly PodEndpoint[],
  { services }: World,
): number | undefined {
  const addresses = new Set(pods.flatMap((pod) => pod.addresses));
  return services
    .flatMap(({ ports }) => ports.filter(({ port }) => inRange(port, range)))
    .flatMap(({ backends }) => backends.filter(({ address }) => addresses.has(address)))
    .map(({ port }) => port)[0];
}
