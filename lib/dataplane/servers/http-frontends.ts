import type { Ip } from '../../model/address';
import type { HttpProxy } from '../../model/http';
import type { World } from '../../model/world';
import type { Command, Netns } from '../commands/command';
import { netnsOf } from '../commands/names';
import { envoyConfig } from './envoy';

/** A namespace in which a proxy listens, and its addresses. */
export interface HttpFrontend {
  readonly netns: Netns;
  readonly addresses: readonly Ip[];
  readonly proxy: HttpProxy;
}

/** Where proxies listen: in their pods, or at the hosts outside that stand for them. */
export function httpFrontends({ http, pods, outside }: World): readonly HttpFrontend[] {
  const byNetns = new Map<Netns, HttpFrontend>();
  for (const proxy of http?.proxies ?? []) {
    if (proxy.listeners.length === 0) continue;
    const own = pods.filter(
      (pod) => !pod.hostNetwork && proxy.pods.includes(`${pod.namespace}/${pod.name}`),
    );
    const others = outside.filter(({ name }) => proxy.hosts.includes(name));
    for (const endpoint of [...own, ...others]) {
      const netns = netnsOf(endpoint);
      if (byNetns.has(netns)) continue;
      byNetns.set(netns, { netns, addresses: endpoint.addresses, proxy });
    }
  }
  return [...byNetns.values()];
}

/** An Envoy for each of them. */
export const serveHttp = (world: World): readonly Command[] =>
  httpFrontends(world).map(({ netns, addresses, proxy }) => ({
    kind: 'serve-http',
    netns,
    ...envoyConfig(world, proxy, addresses),
  }));

/**
 * Ends those that are there before and not after, and those that give up a port: another listener
 * may take it before they start again.
 */
export function stopHttp(before: World, after: World): readonly Command[] {
  const kept = new Map(httpFrontends(after).map((one) => [one.netns, portsOf(one)]));
  return httpFrontends(before)
    .filter((one) => [...portsOf(one)].some((port) => !kept.get(one.netns)?.has(port)))
    .map(({ netns }) => ({ kind: 'stop-http', netns }));
}

const portsOf = ({ proxy }: HttpFrontend): ReadonlySet<number> =>
  new Set(proxy.listeners.map(({ port }) => port));
