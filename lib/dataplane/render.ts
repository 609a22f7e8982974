import { familyOf, formatCidr, type Ip } from '../model/address';
import type { Command, RouteHop } from './command';

/** A process that would do what a command says: for people to read, in a dry run. */
export interface Invocation {
  readonly file: string;
  readonly args: readonly string[];
  readonly stdin?: string;
}

/**
 * The one place that knows the flags of `ip`, `bridge` and `nft`. What no tool does (listeners,
 * DNS, a resolv.conf that exists only inside) is shown as the lab's own verb.
 */
export function toInvocation(command: Command): Invocation {
  const { netns } = 'netns' in command ? command : command.a;
  switch (command.kind) {
    case 'add-netns':
      return run('ip', 'netns', 'add', netns);
    case 'remove-netns':
      return run('ip', 'netns', 'del', netns);
    case 'add-veth': {
      const { a, b, mtu } = command;
      const peer = ['peer', 'name', b.device, 'netns', b.netns, 'address', b.mac];
      return run(
        'ip',
        '-n',
        netns,
        'link',
        'add',
        a.device,
        'address',
        a.mac,
        'mtu',
        mtu,
        'type',
        'veth',
        ...peer,
      );
    }
    case 'add-bridge':
      return link(netns, 'add', command.device, 'address', command.mac, 'type', 'bridge');
    case 'add-vxlan': {
      const { device, mac, vni, local, port, mtu } = command;
      const tunnel = ['id', vni, 'local', local, 'dstport', port, 'nolearning'];
      return link(netns, 'add', device, 'address', mac, 'mtu', mtu, 'type', 'vxlan', ...tunnel);
    }
    case 'add-fdb': {
      const { mac, device, remote } = command;
      return run(
        'bridge',
        '-n',
        netns,
        'fdb',
        'append',
        mac,
        'dev',
        device,
        'dst',
        remote,
        'self',
        'permanent',
      );
    }
    case 'set-master':
      return link(netns, 'set', command.device, 'master', command.bridge);
    case 'set-link':
      return link(netns, 'set', command.device, command.state);
    case 'remove-link':
      return link(netns, 'del', command.device);
    case 'add-address': {
      const { address, prefix, device } = command;
      return run('ip', '-n', netns, 'address', 'add', `${address}/${prefix}`, 'dev', device);
    }
    case 'add-route':
    case 'remove-route': {
      const verb = command.kind === 'add-route' ? 'add' : 'del';
      return run(
        'ip',
        ...inFamily(command.to.address),
        '-n',
        netns,
        'route',
        verb,
        ...routeArgs(command),
      );
    }
    case 'add-rule':
    case 'remove-rule': {
      const { priority, table, iif, from, mark } = command;
      const family = from === undefined ? [] : inFamily(from.address);
      const match = [
        ...(from === undefined ? [] : ['from', formatCidr(from)]),
        ...(mark === undefined ? [] : ['fwmark', mark]),
        ...(iif === undefined ? [] : ['iif', iif]),
      ];
      return run(
        'ip',
        ...family,
        '-n',
        netns,
        'rule',
        command.kind === 'add-rule' ? 'add' : 'del',
        'priority',
        priority,
        ...match,
        'table',
        table,
      );
    }
    case 'add-neighbour': {
      const { address, mac, device } = command;
      return run(
        'ip',
        '-n',
        netns,
        'neighbour',
        'add',
        address,
        'lladdr',
        mac,
        'dev',
        device,
        'nud',
        'permanent',
      );
    }
    case 'set-sysctl':
      return inside(netns, 'sysctl', '-w', `${command.key.replaceAll('/', '.')}=${command.value}`);
    case 'load-ruleset':
      return { ...inside(netns, 'nft', '-f', '-'), stdin: command.ruleset };
    case 'flush-conntrack':
      return inside(netns, 'conntrack', '-F');
    case 'listen':
      return inside(
        netns,
        'lab',
        'listen',
        ...command.listeners.map(
          ({ port, protocol, banner, speaks }) =>
            `${port}/${protocol}${speaks === undefined ? '' : `/${speaks}`}=${banner}`,
        ),
      );
    case 'serve-dns': {
      const lines = command.records.map(({ name, type, data }) => `${name}. ${type} ${data}`);
      return {
        ...inside(netns, 'lab', 'serve-dns', ...command.authoritativeFor),
        stdin: `${lines.join('\n')}\n`,
      };
    }
    case 'serve-http':
      return { ...inside(netns, 'nginx', '-p', '.', '-c', '/dev/stdin'), stdin: command.config };
    case 'stop-http':
      return inside(netns, 'nginx', '-p', '.', '-s', 'stop');
    case 'set-resolver':
      return { ...inside(netns, 'tee', '/etc/resolv.conf'), stdin: command.resolvConf };
  }
}

/** An invocation as one line that a shell would take; what goes in by stdin is not part of it. */
export const formatInvocation = ({ file, args }: Invocation): string =>
  [file, ...args]
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
    .join(' ');

type Word = string | number;

const run = (file: string, ...args: readonly Word[]): Invocation => ({
  file,
  args: args.map(String),
});

const link = (netns: string, ...args: readonly Word[]): Invocation =>
  run('ip', '-n', netns, 'link', ...args);

const inside = (netns: string, ...args: readonly Word[]): Invocation =>
  run('ip', 'netns', 'exec', netns, ...args);

const inFamily = (address: Ip): readonly string[] => (familyOf(address) === 6 ? ['-6'] : []);

function routeArgs(
  route: Extract<Command, { kind: 'add-route' | 'remove-route' }>,
): readonly Word[] {
  const source = route.source === undefined ? [] : ['src', route.source];
  const { kind, to, hop } = hopArgs(route.hop);
  return [...kind, formatCidr(route.to), ...to, ...hop, ...source, 'table', route.table];
}

function hopArgs(hop: RouteHop): Record<'kind' | 'to' | 'hop', readonly Word[]> {
  switch (hop.kind) {
    case 'link':
      return { kind: [], to: [], hop: ['dev', hop.device] };
    case 'via':
      return {
        kind: [],
        to: ['via', hop.gateway],
        hop: ['dev', hop.device, ...(hop.onlink ? ['onlink'] : [])],
      };
    case 'blackhole':
    case 'unreachable':
      return { kind: [hop.kind], to: [], hop: [] };
  }
}
