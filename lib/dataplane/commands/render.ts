import { familyOf, formatCidr, type Ip } from '../../model/address';
import type { Command, RouteHop } from './command';

/** A process that would do what a command says: for people to read, in a dry run. */
export interface Invocation {
  readonly file: string;
  readonly args: readonly string[];
  readonly stdin?: string;
}

type CommandOf<K extends Command['kind']> = Extract<Command, { readonly kind: K }>;

/** How a command of each kind is written. */
type Renderers = { readonly [K in Command['kind']]: (command: CommandOf<K>) => Invocation };

/**
 * The one place that knows the flags of `ip`, `bridge` and `nft`. What no tool does (listeners,
 * DNS, a resolv.conf that exists only inside) is shown as the lab's own verb.
 */
const RENDERERS: Renderers = {
  'add-netns': ({ netns }) => plain('ip', 'netns', 'add', netns),
  'remove-netns': ({ netns }) => plain('ip', 'netns', 'del', netns),
  'add-veth': ({ a, b, mtu }) =>
    link(
      a.netns,
      ...['add', a.device, 'address', a.mac, 'mtu', mtu, 'type', 'veth'],
      ...['peer', 'name', b.device, 'netns', b.netns, 'address', b.mac],
    ),
  'add-bridge': ({ netns, device, mac }) =>
    link(netns, 'add', device, 'address', mac, 'type', 'bridge'),
  'add-vxlan': ({ netns, device, mac, vni, local, port, mtu }) =>
    link(
      netns,
      ...['add', device, 'address', mac, 'mtu', mtu, 'type', 'vxlan'],
      ...['id', vni, 'local', local, 'dstport', port, 'nolearning'],
    ),
  'add-fdb': ({ netns, mac, device, remote }) =>
    plain(
      'bridge',
      '-n',
      netns,
      'fdb',
      'append',
      mac,
      ...['dev', device, 'dst', remote, 'self', 'permanent'],
    ),
  'set-master': ({ netns, device, bridge }) => link(netns, 'set', device, 'master', bridge),
  'set-link': ({ netns, device, state }) => link(netns, 'set', device, state),
  'remove-link': ({ netns, device }) => link(netns, 'del', device),
  'add-address': ({ netns, address, prefix, device, scope }) => {
    const scoped = scope === undefined ? [] : ['scope', scope];
    return plain(
      'ip',
      '-n',
      netns,
      'address',
      'add',
      `${address}/${prefix}`,
      ...['dev', device, ...scoped],
    );
  },
  'add-route': (command) => route('add', command),
  'remove-route': (command) => route('del', command),
  'add-rule': (command) => policyRule('add', command),
  'remove-rule': (command) => policyRule('del', command),
  'add-neighbour': ({ netns, address, mac, device }) =>
    plain(
      'ip',
      '-n',
      netns,
      'neighbour',
      'add',
      address,
      ...['lladdr', mac, 'dev', device, 'nud', 'permanent'],
    ),
  'set-sysctl': ({ netns, key, value }) =>
    inside(netns, 'sysctl -w', `${key.replaceAll('/', '.')}=${value}`),
  'load-ruleset': ({ netns, ruleset }) => ({ ...inside(netns, 'nft -f -'), stdin: ruleset }),
  'flush-conntrack': ({ netns }) => inside(netns, 'conntrack -F'),
  listen: ({ netns, listeners }) =>
    inside(
      netns,
      'lab listen',
      ...listeners.map(
        ({ port, protocol, banner, speaks }) =>
          `${port}/${protocol}${speaks === undefined ? '' : `/${speaks}`}=${banner}`,
      ),
    ),
  'serve-dns': ({ netns, authoritativeFor, records }) => ({
    ...inside(netns, 'lab serve-dns', ...authoritativeFor),
    stdin: records.map(({ name, type, data }) => `${name}. ${type} ${data}\n`).join(''),
  }),
  'serve-http': ({ netns, bootstrap }) => ({
    ...inside(netns, 'envoy --concurrency 1 --disable-hot-restart -c /dev/stdin'),
    stdin: bootstrap,
  }),
  'stop-http': ({ netns }) => inside(netns, 'lab stop-http'),
  'set-resolver': ({ netns, resolvConf }) => ({
    ...inside(netns, 'tee /etc/resolv.conf'),
    stdin: resolvConf,
  }),
};

/** The process that would do what a command says. */
export const toInvocation = (command: Command): Invocation =>
  (RENDERERS[command.kind] as (command: Command) => Invocation)(command);

/** An invocation as one line that a shell would take; what goes in by stdin is not part of it. */
export const formatInvocation = ({ file, args }: Invocation): string =>
  [file, ...args]
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
    .join(' ');

type Word = string | number;

const link = (netns: string, ...args: readonly Word[]): Invocation =>
  plain('ip', '-n', netns, 'link', ...args);

const plain = (file: string, ...args: readonly Word[]): Invocation => ({
  file,
  args: args.map(String),
});

const inside = (netns: string, program: string, ...args: readonly Word[]): Invocation =>
  plain('ip', 'netns', 'exec', netns, ...program.split(' '), ...args);

const route = (verb: 'add' | 'del', command: CommandOf<'add-route' | 'remove-route'>): Invocation =>
  plain(
    'ip',
    ...inFamily(command.to.address),
    '-n',
    command.netns,
    'route',
    verb,
    ...routeArgs(command),
  );

function policyRule(
  verb: 'add' | 'del',
  command: CommandOf<'add-rule' | 'remove-rule'>,
): Invocation {
  const { netns, priority, table, iif, from, mark } = command;
  const family = from === undefined ? [] : inFamily(from.address);
  const match = [
    ...(from === undefined ? [] : ['from', formatCidr(from)]),
    ...(mark === undefined ? [] : ['fwmark', mark]),
    ...(iif === undefined ? [] : ['iif', iif]),
  ];
  return plain(
    'ip',
    ...family,
    '-n',
    netns,
    'rule',
    verb,
    'priority',
    priority,
    ...match,
    'table',
    table,
  );
}

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
