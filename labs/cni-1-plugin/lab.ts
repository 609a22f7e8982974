import { defineLab } from '../../lib/lab/format';
import { mistake, typing } from '../../lib/lab/trial-words';
import { asks, choose, count, has, linesIn, pings, typed, words } from '../../lib/lab/words';
import head from './head';

/** A call of the plugin as a runtime makes it: parameters in the environment, configuration on standard input. */
const call = (command: string, pod: string, config = '/run/lab.json'): string =>
  `CNI_COMMAND=${command} CNI_CONTAINERID=${pod} CNI_NETNS=/run/netns/${pod} CNI_IFNAME=eth0 CNI_PATH=$LAB_HOME/bin $LAB_HOME/bin/lab-cni < ${config}`;

export default defineLab({
  id: 'cni-1-plugin',
  level: 2,
  title: 'CNI: a plugin that connects pods',
  goal: 'Do by hand what a CNI plugin does, then call a real one as the kubelet’s runtime would, and break it.',
  head,
  prerequisites: ['linux-6-container', 'linux-3-nat'],
  targets: ['local'],
  cost: 'none',
  environment: {
    kind: 'linux',
    machines: [{ name: 'host' }, { name: 'byhand' }, { name: 'pod1' }, { name: 'pod2' }],
    prepare: linesIn(
      'host',
      'sysctl -qw net.ipv4.ip_forward=1',
      'echo \'{"cniVersion":"1.1.0","name":"lab","type":"lab-cni","ipam":{"pools":["10.22.0.0/24"],"blockPrefix":28,"node":"host","dataDir":"/run/lab-cni"}}\' > /run/lab.json',
    ),
  },
  stages: [],
  steps: [
    {
      id: 'by-hand',
      task: 'Connect the namespace `byhand` as the VPC CNI would, by a cable whose end on the host is `to-byhand` and has 10.22.1.1/32: eth0 with 10.22.1.5/32, a default route via 169.254.1.1 whose MAC address is known for good, and on the host a route to the pod.',
      checks: [
        has(
          'byhand',
          { kind: 'address', device: 'eth0', address: '10.22.1.5/32' },
          'a /32: the pod has no neighbours, everything goes to the gateway',
        ),
        has(
          'byhand',
          { kind: 'route', to: 'default', via: '169.254.1.1', device: 'eth0' },
          'the gateway is an address that no machine has',
        ),
        has(
          'host',
          { kind: 'route', to: '10.22.1.5', device: 'to-byhand' },
          'the host knows behind which cable the pod is',
        ),
        pings('host', '10.22.1.5', 'it works both ways'),
      ],
      hints: [
        'Choose both MAC addresses when you make the pair: `address` comes before `type`.',
        '`ip -n byhand route add 169.254.1.1 dev eth0 scope link`, then the default route via it.',
        '`ip -n byhand neigh add 169.254.1.1 lladdr <MAC of the host’s end> dev eth0 nud permanent`.',
      ],
      solution: typed(
        'host',
        'ip link add to-byhand address 02:00:00:00:00:01 type veth peer name eth0 address 02:00:00:00:00:02 netns byhand',
        'ip link set to-byhand up',
        'ip addr add 10.22.1.1/32 dev to-byhand',
        'ip -n byhand link set eth0 up',
        'ip -n byhand addr add 10.22.1.5/32 dev eth0',
        'ip -n byhand route add 169.254.1.1 dev eth0 scope link',
        'ip -n byhand route add default via 169.254.1.1 dev eth0',
        'ip -n byhand neigh add 169.254.1.1 lladdr 02:00:00:00:00:01 dev eth0 nud permanent',
        'ip route add 10.22.1.5/32 dev to-byhand src 10.22.1.1',
      ),
      trials: {
        wrong: [
          mistake(
            'half',
            'the MAC address is not known',
            typing(
              'host',
              'ip link add to-byhand address 02:00:00:00:00:01 type veth peer name eth0 address 02:00:00:00:00:02 netns byhand',
              'ip link set to-byhand up',
              'ip addr add 10.22.1.1/32 dev to-byhand',
              'ip -n byhand link set eth0 up',
              'ip -n byhand addr add 10.22.1.5/32 dev eth0',
              'ip -n byhand route add 169.254.1.1 dev eth0 scope link',
              'ip -n byhand route add default via 169.254.1.1 dev eth0',
              'ip route add 10.22.1.5/32 dev to-byhand src 10.22.1.1',
            ),
          ),
          mistake(
            'half',
            'the host has no route',
            typing(
              'host',
              'ip link add to-byhand address 02:00:00:00:00:01 type veth peer name eth0 address 02:00:00:00:00:02 netns byhand',
              'ip link set to-byhand up',
              'ip addr add 10.22.1.1/32 dev to-byhand',
              'ip -n byhand link set eth0 up',
              'ip -n byhand addr add 10.22.1.5/32 dev eth0',
              'ip -n byhand route add 169.254.1.1 dev eth0 scope link',
              'ip -n byhand route add default via 169.254.1.1 dev eth0',
              'ip -n byhand neigh add 169.254.1.1 lladdr 02:00:00:00:00:01 dev eth0 nud permanent',
            ),
          ),
          mistake(
            'wrong-value',
            'the prefix is /24',
            typing(
              'host',
              'ip link add to-byhand address 02:00:00:00:00:01 type veth peer name eth0 address 02:00:00:00:00:02 netns byhand',
              'ip link set to-byhand up',
              'ip addr add 10.22.1.1/32 dev to-byhand',
              'ip -n byhand link set eth0 up',
              'ip -n byhand addr add 10.22.1.5/24 dev eth0',
              'ip -n byhand route add 169.254.1.1 dev eth0 scope link',
              'ip -n byhand route add default via 169.254.1.1 dev eth0',
              'ip -n byhand neigh add 169.254.1.1 lladdr 02:00:00:00:00:01 dev eth0 nud permanent',
              'ip route add 10.22.1.5/32 dev to-byhand src 10.22.1.1',
            ),
          ),
        ],
      },
      because:
        'Nine commands: this is the whole of a plugin’s ADD, and the rest is being careful about errors.',
    },
    {
      id: 'add',
      task: 'Now let the plugin do it for `pod1` and `pod2`: call it with ADD.',
      checks: [
        has(
          'pod1',
          { kind: 'address', device: 'eth0', address: '10.22.0.1/32' },
          'ADD gave an interface and the first address of the block',
        ),
        has('pod1', { kind: 'route', to: 'default', via: '169.254.1.1' }, 'and a way out'),
        pings('pod1', '10.22.0.2', 'pod1 reaches pod2 through the host'),
        asks(
          words(
            {
              id: 'four-inputs',
              ask: 'A runtime passes the configuration on standard input. Which four of these go in the environment? CNI_COMMAND CNI_CONTAINERID CNI_NETNS CNI_IFNAME CNI_ADDRESS CNI_DNS',
              because:
                'Command, which container, which namespace, which name the interface shall have (and CNI_PATH, where other plugins are). The address is the plugin’s answer.',
            },
            'CNI_COMMAND',
            'CNI_CONTAINERID',
            'CNI_NETNS',
            'CNI_IFNAME',
          ),
        ),
      ],
      hints: [
        'The configuration is in /run/lab.json, the plugin at `$LAB_HOME/bin/lab-cni`.',
        '`CNI_COMMAND=ADD CNI_CONTAINERID=pod1 CNI_NETNS=/run/netns/pod1 CNI_IFNAME=eth0 CNI_PATH=$LAB_HOME/bin $LAB_HOME/bin/lab-cni < /run/lab.json`.',
      ],
      solution: typed('host', `${call('ADD', 'pod1')} > /run/pod1.result`, call('ADD', 'pod2')),
      trials: {
        wrong: [
          mistake('half', 'pod2 is missing', typing('host', call('ADD', 'pod1'))),
          mistake('half', 'pod1 is missing', typing('host', call('ADD', 'pod2'))),
          mistake(
            'wrong-means',
            'an address by hand',
            typing(
              'host',
              'ip -n pod1 link add eth0 type dummy',
              'ip -n pod1 addr add 10.22.0.1/32 dev eth0',
              'ip -n pod1 link set eth0 up',
            ),
          ),
        ],
      },
      because:
        'It answers with a result: interfaces, addresses, routes. A chained plugin gets it as `prevResult` and passes it on.',
    },
    {
      id: 'check',
      task: 'Damage pod1: take its address away. CHECK must notice: keep what it prints in /run/check.said. Then make it whole by DEL and ADD.',
      checks: [
        has(
          'host',
          { kind: 'file', path: '/run/check.said', contains: '"code"' },
          'CHECK ends with an error that has a code',
        ),
        asks(
          choose(
            {
              id: 'check-says',
              ask: 'What does CHECK do about the damage?',
              because:
                'It compares the container with `prevResult` and reports; repairing is the runtime’s decision.',
            },
            'it fails with an error and repairs nothing',
            [
              'it gives the address back',
              'an address goes back by DEL; the container is still running and needs it',
            ],
            [
              'it deletes the interface',
              'deleting is DEL’s work, and it deletes what is asked for, broken or not',
            ],
          ),
        ),
        pings('pod1', '10.22.0.2', 'the pod is whole again'),
      ],
      hints: [
        'CHECK needs the result of ADD as `prevResult` in the configuration.',
        'An error is JSON with code and msg on standard output, and exit code 1.',
      ],
      solution: typed(
        'host',
        'sed "s/}$/,\\"prevResult\\":$(sed \'s/[&/]/\\\\&/g\' /run/pod1.result)}/" /run/lab.json > /run/check.json',
        call('CHECK', 'pod1', '/run/check.json'),
        'ip -n pod1 addr flush dev eth0 scope global',
        `! ${call('CHECK', 'pod1', '/run/check.json')} > /run/check.said`,
        call('DEL', 'pod1'),
        `${call('ADD', 'pod1')} > /run/pod1.result`,
      ),
      because: 'CHECK only asks. ADD, DEL and GC are the ones that change something.',
    },
    {
      id: 'delete',
      task: 'Take pod1 away by DEL. Call it twice, the second time without a namespace.',
      checks: [
        has(
          'pod1',
          { kind: 'interface', device: 'eth0', state: 'absent' },
          'the interface is gone',
        ),
        has(
          'host',
          { kind: 'leases', store: '/run/lab-cni/lab.json', count: 1 },
          'its address was given back: only pod2 holds one',
        ),
        asks(
          count(
            {
              id: 'second-del',
              ask: 'With which exit code must the second DEL end?',
              because:
                'DEL succeeds when there is nothing left to delete: runtimes call it again after a crash, and twice for each pod.',
            },
            0,
          ),
        ),
      ],
      hints: [
        'Leave CNI_NETNS empty the second time, as containerd does when it removes a sandbox.',
      ],
      solution: typed(
        'host',
        call('DEL', 'pod1'),
        call('DEL', 'pod1').replace('CNI_NETNS=/run/netns/pod1', 'CNI_NETNS='),
      ),
      trials: {
        wrong: [
          mistake(
            'wrong-means',
            'the device is gone and the lease stays',
            typing('host', 'ip -n pod1 link del eth0'),
          ),
          mistake('wrong-end', 'pod2 was taken away', typing('host', call('DEL', 'pod2'))),
          mistake(
            'too-closed',
            'both were taken away',
            typing('host', call('DEL', 'pod1'), call('DEL', 'pod2')),
          ),
        ],
      },
      because: 'Cleaning up must be safe to repeat.',
    },
  ],
  questions: [
    choose(
      {
        id: 'who-calls',
        ask: 'Who calls the plugin on a Kubernetes node?',
        because:
          'The kubelet asks the runtime by CRI for a sandbox; the runtime makes the namespace and calls the plugins that the first configuration in /etc/cni/net.d lists, one after the other.',
      },
      'the container runtime',
      [
        'the kubelet',
        'it did until dockershim left in 1.24; now it only asks another program, by CRI',
      ],
      ['the API server', 'it stores objects and starts no program on a node: nodes watch it'],
    ),
    choose(
      {
        id: 'purpose',
        ask: 'What is the specification for?',
        because:
          'A runtime knows a handful of environment variables and some JSON; a plugin knows networks. Neither knows the other.',
      },
      'any runtime can use any plugin',
      [
        'all clusters have the same network',
        'plugins differ on purpose (bridges, tunnels, routes); only how they are called is the same',
      ],
      [
        'pods get DNS',
        'the kubelet writes a pod’s resolv.conf; a plugin makes interfaces, addresses and routes',
      ],
    ),
    choose(
      {
        id: 'gc',
        ask: 'A node crashed and DEL was never called. Which command of version 1.1 cleans up?',
        because:
          'GC gets the list of attachments that still exist, and the plugin frees all others (`cni-2-ipam`).',
      },
      'GC',
      ['STATUS', 'it says whether the plugin is ready for ADD, and changes nothing'],
      [
        'CHECK',
        'it checks one attachment that should exist; here it is not known which ones are left over',
      ],
    ),
    choose(
      {
        id: 'conflist',
        ask: 'A configuration has `type: calico` at the top and version 0.4.0. What do runtimes read today?',
        because:
          'A list: `plugins: [...]`, called one after the other with each other’s results; 1.0.0 dropped single configurations.',
      },
      'a .conflist with a list of plugins',
      [
        'a file named after the plugin',
        'the name of the file only orders it among the others; which plugins are called stands inside',
      ],
      [
        'the ConfigMap of the plugin',
        'an installer may write the file from one; the runtime reads /etc/cni/net.d and asks no API',
      ],
    ),
  ],
});
