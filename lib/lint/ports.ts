import type { Finding } from '../model/finding';
import type { PortMatch, PortRange, Traffic } from '../model/policy';
import type { PodEndpoint, World } from '../model/world';
import { targetPods } from './candidates';
import { type PolicyRule, type PreparedWorld, rulesOf } from './prepared';
import { about, podName, some } from './words';

/** Ports of rules that no pod serves, that include every port, or whose name or protocol is wrong. */
export const checkPorts = (prepared: PreparedWorld): readonly Finding[] =>
  rulesOf(prepared.world.policies).flatMap((at) => {
    const { traffic } = at.rule;
    return traffic === 'any' ? [] : traffic.flatMap((one) => checkTraffic(one, at, prepared));
  });

function checkTraffic(
  traffic: Traffic,
  at: PolicyRule,
  prepared: PreparedWorld,
): readonly Finding[] {
  const destination = traffic.destinationPorts === 'any' ? [] : traffic.destinationPorts;
  const source = traffic.sourcePorts === 'any' ? [] : traffic.sourcePorts;
  const ranges = [...destination, ...source].filter(isRange);
  return [
    ...ranges.flatMap((range) => oddRange(range, at)),
    ...destination.flatMap((port) =>
      isRange(port)
        ? notServed({ port, traffic, at }, prepared)
        : unknownName({ port, traffic, at }, prepared),
    ),
  ];
}

const isRange = (port: PortMatch): port is PortRange => 'first' in port;

function oddRange({ first, last }: PortRange, at: PolicyRule): readonly Finding[] {
  if (last === 0) {
    const why = 'it names port 0, which no connection can have';
    return [about(at, { code: 'port-zero', severity: 'error', why, fix: 'name the port' })];
  }
  if (first > 1 || last < 65535) return [];
  const why = `it names ports ${first} to ${last}, which is every port of the protocol`;
  const fix = 'remove the ports: a rule without ports allows every port';
  return [about(at, { code: 'port-range-whole', severity: 'note', why, fix })];
}

interface CheckedPort<P> {
  readonly port: P;
  readonly traffic: Traffic;
  readonly at: PolicyRule;
}

const speaks = (traffic: Traffic, protocol: string): boolean =>
  traffic.protocol === 'any' || traffic.protocol === protocol;

/** A port name is looked up at each pod that is called; where none has it, the rule is empty. */
function unknownName(
  { port, traffic, at }: CheckedPort<{ readonly name: string }>,
  prepared: PreparedWorld,
): readonly Finding[] {
  const pods = targetPods(at, prepared) ?? [];
  const holding = pods.flatMap(({ ports }) => ports.filter(({ name }) => name === port.name));
  if (pods.length === 0 || holding.some(({ protocol }) => speaks(traffic, protocol))) return [];
  const [other] = holding;
  const names = pods.flatMap(({ ports }) => ports.flatMap(({ name }) => name ?? []));
  return [
    about(at, {
      code: 'named-port-unknown',
      severity: 'error',
      why:
        other === undefined
          ? `it names port '${port.name}', and ${some(pods.map(podName))} has no such port`
          : `it names ${traffic.protocol} port '${port.name}', which is a port of ${other.protocol}`,
      fix: other === undefined ? portFix(names) : `write protocol: ${other.protocol}`,
    }),
  ];
}

const portFix = (names: readonly string[]): string =>
  names.length === 0
    ? 'name the port in the container, or write its number'
    : `use ${some(names)}, or the number of the port`;

/** A number that none of the pods listens on: often the Service's port, not the pod's own. */
function notServed(
  { port, traffic, at }: CheckedPort<PortRange>,
  prepared: PreparedWorld,
): readonly Finding[] {
  const pods = targetPods(at, prepared) ?? [];
  const isDeclared = pods.length > 0 && pods.every(({ ports }) => ports.length > 0);
  const served = pods.some(({ ports }) =>
    ports.some((one) => speaks(traffic, one.protocol) && inRange(one.port, port)),
  );
  if (!isDeclared || served || at.rule.action === 'deny') return [];
  const behind = serviceTarget(port, pods, prepared.world);
  const ports = pods.flatMap((pod) => pod.ports.map((one) => `${one.protocol} ${one.port}`));
  return [
    about(at, {
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
