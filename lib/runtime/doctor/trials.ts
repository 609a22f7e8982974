import type { Command } from '../../dataplane/commands/command';
import { ip } from '../../model/address';
import type { Client } from '../sandbox/client';
import type { Capability } from './capability';

/** One thing to try inside a sandbox: resolves with a detail worth telling, or rejects with why not. */
export interface Trial extends Pick<Capability, 'id' | 'title' | 'needed'> {
  readonly fix: string;
  readonly attempt: (client: Client) => Promise<string>;
}

/** What labs use of the kernel, each tried in namespaces of its own. */
export const TRIALS: readonly Trial[] = [
  {
    id: 'nftables',
    title: 'nftables: policies, security groups, network ACLs, Services',
    needed: 'always',
    fix: 'apt-get install nftables (version 1.0 or later)',
    attempt: async (client) => {
      await tryRuleset(client, 'nftables', RULES);
      const { stdout } = await inside(client, 'nftables', ['nft', '--version']);
      return stdout.trim();
    },
  },
  {
    id: 'conntrack',
    title: 'connection tracking: replies of allowed connections pass',
    needed: 'always',
    fix: 'as root: modprobe nf_conntrack nf_nat nft_ct',
    attempt: (client) => tryRuleset(client, 'conntrack', CONNTRACK),
  },
  {
    id: 'veth',
    title: 'virtual cables between pods and nodes',
    needed: 'always',
    fix: 'as root: modprobe veth',
    attempt: async (client) => {
      const [a, b] = [namespaceOf('veth'), 'trial/veth-peer'];
      await client.ask('run', {
        plan: [{ kind: 'add-netns', netns: a }, { kind: 'add-netns', netns: b }, veth(a, b)],
      });
      return 'works';
    },
  },
  {
    id: 'sysctl',
    title: 'sysctls inside namespaces (/proc/sys)',
    needed: 'some-labs',
    fix: 'run outside a container, or with --security-opt systempaths=unconfined',
    attempt: async (client) => {
      const netns = await namespace(client, 'sysctl');
      const key = 'net/ipv4/conf/all/rp_filter';
      await client.ask('run', { plan: [{ kind: 'set-sysctl', netns, key, value: '0' }] });
      return 'writable';
    },
  },
  {
    id: 'trace',
    title: 'the kernel tells which rule a packet met',
    needed: 'some-labs',
    fix: 'as root: modprobe nf_tables nfnetlink',
    attempt: (client) => tryRuleset(client, 'trace', TRACE),
  },
  {
    id: 'sctp',
    title: 'SCTP: flows of that protocol can be tried',
    needed: 'some-labs',
    fix: 'as root: modprobe sctp (where the kernel has the module)',
    attempt: trySctp,
  },
  device('bridge', 'bridges: the Flannel data path'),
  {
    id: 'vxlan',
    title: 'VXLAN: overlay data paths',
    needed: 'some-labs',
    fix: 'as root: modprobe vxlan',
    attempt: async (client) => {
      const vxlan = { ...VXLAN, netns: await namespace(client, 'vxlan') };
      await client.ask('run', { plan: [vxlan] });
      return 'works';
    },
  },
  device('ipip', 'IP-in-IP: a Calico data path'),
  device('wireguard', 'WireGuard: encryption between nodes'),
];

function device(id: string, title: string): Trial {
  return {
    id,
    title,
    needed: 'some-labs',
    fix: `as root: modprobe ${id} (where the kernel has the module)`,
    attempt: async (client) => {
      const refusal = await client.ask('tryDevice', { kind: id });
      if (refusal !== null) throw new Error(refusal);
      return 'works';
    },
  };
}

const namespaceOf = (id: string): string => `trial/${id}`;

async function namespace(client: Client, id: string): Promise<string> {
  const netns = namespaceOf(id);
  await client.ask('run', { plan: [{ kind: 'add-netns', netns }] });
  return netns;
}

async function tryRuleset(client: Client, id: string, ruleset: string): Promise<string> {
  const netns = await namespace(client, id);
  await client.ask('run', { plan: [{ kind: 'load-ruleset', netns, ruleset }] });
  return 'works';
}

const inside = (client: Client, id: string, argv: readonly string[]) =>
  client.ask('exec', { netns: namespaceOf(id), argv, options: { timeoutMs: 5000 } });

const veth = (a: string, b: string): Command => ({
  kind: 'add-veth',
  a: { netns: a, device: 'eth0', mac: '02:00:00:00:00:01' },
  b: { netns: b, device: 'eth0', mac: '02:00:00:00:00:02' },
  mtu: 1500,
});

const VXLAN = {
  kind: 'add-vxlan',
  device: 'vxlan0',
  mac: '02:00:00:00:00:03',
  vni: 1,
  local: ip('127.0.0.1'),
  port: 4789,
  mtu: 1450,
} as const;

async function trySctp(client: Client): Promise<string> {
  const netns = await namespace(client, 'sctp');
  const probe = { netns, destination: ip('127.0.0.1'), protocol: 'SCTP', port: 9 } as const;
  const options = { timeoutMs: 30, trace: 'off' } as const;
  const [seen] = await client.ask('probe', { probes: [probe], options });
  if (seen?.outcome === 'unsupported') throw new Error(seen.reason);
  return 'works';
}

/** What the compiler writes: an inet table, intervals, a verdict map over two fields, comments. */
const RULES = `table inet trial {
  set nets { type ipv4_addr; flags interval; elements = { 10.0.0.0/8 } }
  map ways { type ipv4_addr . inet_service : verdict; }
  chain allowed {
    counter accept comment "trial"
  }
  chain forward {
    type filter hook forward priority 0; policy drop;
    ip saddr @nets ip daddr . tcp dport vmap @ways
    goto allowed
  }
}
`;

const CONNTRACK = `table ip trial {
  chain forward { type filter hook forward priority 0; ct state established,related accept; }
  chain nat {
    type nat hook prerouting priority -100;
    ip daddr 10.96.0.1 tcp dport 80 dnat to numgen random mod 2 map { 0 : 10.0.0.1 . 8080, 1 : 10.0.0.2 . 8080 }
  }
}
`;

const TRACE = `table inet trial {
  chain raw { type filter hook prerouting priority -400; meta nftrace set 1; }
}
`;
