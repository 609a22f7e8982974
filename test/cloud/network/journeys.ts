import type { PortRange } from '../../../lib/model/policy';
import { EPHEMERAL_PORTS, UNPRIVILEGED_PORTS } from '../../../lib/model/ports';

/** Where somebody stands; `-b` is the second zone. */
export type Spot =
  | 'nodes'
  | 'nodes-b'
  | 'pods'
  | 'pods-b'
  | 'public'
  | 'public-b'
  | 'control-plane'
  | 'internet';

/** An address of each spot in the default layout; of the internet, a documentation one. */
export const ADDRESS: Readonly<Record<Spot, string>> = {
  nodes: '10.0.0.10',
  'nodes-b': '10.0.32.10',
  pods: '100.64.0.10',
  'pods-b': '100.64.64.10',
  public: '10.0.128.10',
  'public-b': '10.0.144.10',
  'control-plane': '10.0.192.4',
  internet: '198.51.100.7',
};

/** A connection that crosses subnets' edges. */
export interface Journey {
  readonly from: Spot;
  readonly to: Spot;
  readonly protocol: 'TCP' | 'UDP';
  readonly port: number;
  /** Ports the client may listen on for replies. */
  readonly clientPorts: PortRange;
}

/** What must work, whoever wrote the rules: said here once more, from what labs and EKS do. */
export const MUST_WORK: readonly Journey[] = [
  ...tcp('nodes', 'nodes-b', [10250, 5473, 22], UNPRIVILEGED_PORTS),
  ...udp('nodes', 'nodes-b', [53, 51820], UNPRIVILEGED_PORTS),
  ...tcp('pods', 'pods-b', [80, 8080, 5432], EPHEMERAL_PORTS),
  ...udp('pods', 'pods-b', [53], EPHEMERAL_PORTS),
  ...tcp('nodes', 'pods', [80, 8080], UNPRIVILEGED_PORTS),
  ...udp('nodes', 'pods', [53], UNPRIVILEGED_PORTS),
  ...tcp('pods', 'nodes', [53, 10250], EPHEMERAL_PORTS),
  ...udp('pods', 'nodes', [53], EPHEMERAL_PORTS),
  ...tcp('nodes', 'control-plane', [443], UNPRIVILEGED_PORTS),
  ...tcp('pods', 'control-plane', [443], EPHEMERAL_PORTS),
  ...tcp('control-plane', 'nodes', [443, 5443, 9443, 10250, 15017], UNPRIVILEGED_PORTS),
  ...tcp('control-plane', 'pods', [443, 5443, 9443, 15017], UNPRIVILEGED_PORTS),
  ...tcp('nodes', 'internet', [80, 443], UNPRIVILEGED_PORTS),
  ...tcp('pods', 'internet', [80, 443], EPHEMERAL_PORTS),
  ...tcp('nodes', 'public-b', [80, 443], UNPRIVILEGED_PORTS),
  ...tcp('pods', 'public-b', [80, 443], EPHEMERAL_PORTS),
  ...tcp('public', 'internet', [80, 443], UNPRIVILEGED_PORTS),
  ...tcp('internet', 'public', [80, 443], UNPRIVILEGED_PORTS),
  ...tcp('public', 'nodes-b', [80, 443, 8080, 30080], UNPRIVILEGED_PORTS),
  ...tcp('public', 'pods-b', [80, 443, 8080], UNPRIVILEGED_PORTS),
  ...tcp('internet', 'nodes', [30080], UNPRIVILEGED_PORTS),
];

/** What no network ACL of the lab may let through. */
export const MUST_FAIL: readonly Journey[] = [
  ...tcp('internet', 'nodes', [22, 443], UNPRIVILEGED_PORTS),
  ...tcp('internet', 'pods', [22, 80, 8080], UNPRIVILEGED_PORTS),
  ...tcp('internet', 'control-plane', [443, 10250], UNPRIVILEGED_PORTS),
  ...tcp('internet', 'public', [22, 53], UNPRIVILEGED_PORTS),
  ...udp('internet', 'nodes', [53, 30080], UNPRIVILEGED_PORTS),
  ...tcp('public', 'control-plane', [443], UNPRIVILEGED_PORTS),
  ...tcp('control-plane', 'internet', [443], UNPRIVILEGED_PORTS),
  ...tcp('pods', 'internet', [22, 25], EPHEMERAL_PORTS),
  ...udp('nodes', 'internet', [53], UNPRIVILEGED_PORTS),
];

export const nameOf = ({ from, to, protocol, port }: Journey): string =>
  `${from} -> ${to} ${protocol} ${port}`;

function tcp(from: Spot, to: Spot, ports: readonly number[], clientPorts: PortRange): Journey[] {
  return ports.map((port) => ({ from, to, protocol: 'TCP', port, clientPorts }));
}

function udp(from: Spot, to: Spot, ports: readonly number[], clientPorts: PortRange): Journey[] {
  return ports.map((port) => ({ from, to, protocol: 'UDP', port, clientPorts }));
}
