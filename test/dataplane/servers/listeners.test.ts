import { listenersOf } from '../../../lib/dataplane/servers/listeners';
import { ip } from '../../../lib/model/address';
import type { PodEndpoint } from '../../../lib/model/world';
import { node, pod, service, world } from '../../build/model';

const tcp = (port: number) => ({ protocol: 'TCP' as const, port });
const dns = { protocol: 'UDP' as const, port: 53 };

/** `namespace protocol/port banner` of all that listens. */
function listening(...pods: readonly PodEndpoint[]): readonly string[] {
  const services = [
    service('kube-system/kube-dns', {
      clusterIps: [ip('172.20.0.10')],
      ports: [{ name: 'dns', ...dns, backends: [] }],
    }),
  ];
  const commands = listenersOf(world({ nodes: [node('a', '10.0.0.1')], pods, services }), []);
  return commands.flatMap((command) =>
    command.kind === 'listen'
      ? command.listeners.map(({ protocol, port, banner }) => `${banner} ${protocol}/${port}`)
      : [],
  );
}

test('a DNS server leaves port 53 to the server that answers names, and keeps its other ports', () => {
  const labels = { 'k8s-app': 'kube-dns' };
  const ports = [dns, tcp(53), tcp(9153)];
  expect(listening(pod('kube-system/coredns', 'a', '10.0.1.1', { labels, ports }))).toEqual([
    'kube-system/coredns TCP/9153',
  ]);
});

test('any other pod listens on all of its ports, 53 too', () => {
  expect(listening(pod('shop/names', 'a', '10.0.1.2', { ports: [dns, tcp(9153)] }))).toEqual([
    'shop/names UDP/53',
    'shop/names TCP/9153',
  ]);
});

test('of two pods on the host network that declare one port, the first has it', () => {
  const hostNetwork = { hostNetwork: true, ports: [tcp(80)] };
  expect(
    listening(
      pod('shop/one', 'a', '10.0.0.1', hostNetwork),
      pod('shop/two', 'a', '10.0.0.1', hostNetwork),
    ),
  ).toEqual(['shop/one TCP/80']);
});
