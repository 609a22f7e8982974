import type { FlowEnd } from '../../model/flow';
import { formatEnd } from '../../model/flow';
import type { HttpAction, HttpListener, HttpProxy } from '../../model/http';
import { uniqueBy } from '../../model/unique';
import type { World } from '../../model/world';
import type { Engine } from '../engine';
import { proxyEnds } from './request';

/** What a port of a proxy opens, and to whom. */
export interface ProxyOpening {
  /** Such as `Gateway edge/shop`. */
  readonly proxy: string;
  /** 1 to 65535. */
  readonly port: number;
  readonly protocol: HttpListener['protocol'];
  /** Services that its rules send to, as `namespace/name`. */
  readonly services: readonly string[];
  /** Ends whose connections to the port are allowed: a pod of each workload, and the internet. */
  readonly callers: readonly string[];
  /** How many ends were tried. */
  readonly tried: number;
}

/**
 * What proxies open beside the flows of the matrix: a client that may not connect to a pod may
 * still reach it through a proxy that may.
 */
export function openings(world: World, engine: Engine): readonly ProxyOpening[] {
  const ends = callersOf(world);
  return (world.http?.proxies ?? []).flatMap((proxy) => {
    const [address] = [
      ...proxyEnds(world, proxy).flatMap((one) => one.addresses),
      ...(proxy.balancer?.addresses ?? []),
    ];
    if (address === undefined) return [];
    return uniqueBy(proxy.listeners, ({ port }) => String(port)).map(
      ({ port, protocol }): ProxyOpening => {
        const callers = ends.filter(
          (from) =>
            engine.explain({ from, to: { kind: 'ip', address }, protocol: 'TCP', port }).verdict ===
            'allowed',
        );
        return {
          proxy: proxy.id,
          port,
          protocol,
          services: servicesAt(proxy, port),
          callers: callers.map(formatEnd),
          tried: ends.length,
        };
      },
    );
  });
}

/** One pod of each workload, and the internet. */
function callersOf({ pods }: World): readonly FlowEnd[] {
  const first = uniqueBy(pods, ({ namespace, workload }) => `${namespace}/${workload}`);
  return [
    ...first.map(({ namespace, name }): FlowEnd => ({ kind: 'pod', namespace, name })),
    { kind: 'internet' },
  ];
}

function servicesAt({ listeners }: HttpProxy, port: number): readonly string[] {
  const actions = listeners
    .filter((one) => one.port === port)
    .flatMap(({ rules, otherwise }) => [...rules.map(({ action }) => action), otherwise]);
  return [...new Set(actions.flatMap(namesIn))].sort();
}

const namesIn = (action: HttpAction): readonly string[] =>
  action.kind === 'forward'
    ? action.backends.flatMap(({ target, weight }) =>
        target.kind === 'service' && weight > 0 ? [`${target.namespace}/${target.name}`] : [],
      )
    : [];
