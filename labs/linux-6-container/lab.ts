import { defineLab } from '../../lib/lab/format';
import { mistake, typing } from '../../lib/lab/trial-words';
import { allowed, asks, choose, has, refused, typed, words } from '../../lib/lab/words';
import head from './head';

/** A process that answers with its own pid, in namespaces of its own but for the network. */
const container = (name: string, port: number): string =>
  `ip netns exec pod unshare --fork --pid --mount --uts --ipc sh -c 'hostname ${name}; exec node -e "require(\\"net\\").createServer((c)=>c.end(\\"${name}, pid \\"+process.pid)).listen(${port})"' >/dev/null 2>&1 &`;

export default defineLab({
  id: 'linux-6-container',
  level: 1,
  title: 'What a container is made of',
  goal: 'Build a pod by hand: one network shared by two processes that are otherwise apart.',
  head,
  prerequisites: ['linux-1-veth'],
  targets: ['local'],
  cost: 'none',
  environment: { kind: 'linux', machines: [{ name: 'host' }], prepare: [] },
  stages: [],
  steps: [
    {
      id: 'pause',
      task: 'Make the thing that every pod begins with: a network namespace `pod` that a process keeps open, with its loopback up.',
      checks: [
        has(
          'host',
          { kind: 'namespace', name: 'pod', state: 'present' },
          'the network is there before any container',
        ),
        has('pod', { kind: 'interface', device: 'lo', state: 'up' }, 'localhost works'),
        refused('pod', 'ip:127.0.0.1:8080', 'and no process listens yet'),
        asks(
          choose(
            {
              id: 'why-pause',
              ask: 'Why does a pod need a pause container?',
              because:
                'A namespace exists as long as a process is in it (or a file refers to it). If the application held it, the pod’s address would die with each restart.',
            },
            'to hold the namespaces while containers come and go',
            [
              'to wait until the image is pulled',
              'pulling needs no container, and the pod’s network is made before the application’s image is asked for',
            ],
            [
              'to run the kubelet’s probes',
              'the kubelet probes from the node, or runs a command in the application’s own container',
            ],
          ),
        ),
      ],
      hints: [
        'Here the file in /run/netns does what the pause process does in a pod.',
        '`ip netns add pod`, `ip -n pod link set lo up`.',
      ],
      solution: typed('host', 'ip netns add pod', 'ip -n pod link set lo up'),
      trials: {
        wrong: [
          mistake('half', 'loopback is down', typing('host', 'ip netns add pod')),
          mistake(
            'wrong-value',
            'another name',
            typing('host', 'ip netns add pause', 'ip -n pause link set lo up'),
          ),
          mistake(
            'wrong-end',
            'loopback of the host',
            typing('host', 'ip netns add pod', 'ip link set lo up'),
          ),
        ],
      },
      because: 'The pod’s network comes first and goes last.',
    },
    {
      id: 'two-containers',
      task: 'Start two "containers" in the pod: processes with their own pid, mount, uts and ipc namespaces, and the pod’s network. One listens on 8080, the other on 9090.',
      checks: [
        allowed('pod', 'ip:127.0.0.1:8080', 'the first one answers on the pod’s loopback'),
        allowed('pod', 'ip:127.0.0.1:9090', 'so does the second: they share ports and localhost'),
        refused('host', 'ip:127.0.0.1:8080', 'the host’s loopback is another one'),
      ],
      hints: [
        '`unshare --fork --pid --mount --uts --ipc <command>` starts a command in new namespaces.',
        '`ip netns exec pod …` puts it into the pod’s network.',
      ],
      solution: typed('host', container('web', 8080), container('sidecar', 9090), 'sleep 1'),
      trials: {
        wrong: [
          mistake('half', 'one container only', typing('host', container('web', 8080), 'sleep 1')),
          mistake(
            'half',
            'the other one only',
            typing('host', container('sidecar', 9090), 'sleep 1'),
          ),
          mistake(
            'wrong-value',
            'both want port 8080',
            typing('host', container('web', 8080), container('sidecar', 8080), 'sleep 1'),
          ),
        ],
      },
      because:
        'A container is a process with a few namespaces of its own, a root directory and limits (cgroups). A pod is several that share some.',
    },
    {
      id: 'six',
      task: 'List the namespaces of the two, and say which of the six they share in a Kubernetes pod.',
      checks: [
        asks(
          words(
            {
              id: 'shared',
              ask: 'Which of pid, net, mnt, uts, ipc, user do containers of one pod share with each other and not with the host, by default?',
              because:
                'net, uts and ipc are the pause container’s. pid is not shared unless `shareProcessNamespace: true`; mnt never is; user is the host’s unless `hostUsers: false`.',
            },
            'net',
            'uts',
            'ipc',
          ),
        ),
        asks(
          choose(
            {
              id: 'notes-pid',
              ask: 'It is often written that containers of a pod share the PID namespace. What does the `lsns` of nginx in the text above show?',
              because:
                'net, uts and ipc belong to /pause, mnt and pid to nginx: the output is right and the sentence is not.',
            },
            'nginx has a pid namespace of its own',
            [
              'nginx and /pause share the pid namespace',
              'that is what the sentence says: look in lsns at whose command stands beside the pid line',
            ],
            [
              'nginx shares all namespaces with the host',
              'a namespace of the host is held by the host’s first process: most lines of that output name /pause or nginx',
            ],
          ),
        ),
      ],
      hints: [
        '`lsns -p <pid>` lists the namespaces of a process, and who holds each.',
        '`ls -l /proc/<pid>/ns`: the same number means the same namespace.',
      ],
      solution: { kind: 'answers' },
      because: 'Sharing is chosen one namespace at a time.',
    },
  ],
  questions: [
    choose(
      {
        id: 'host-network',
        ask: 'What does `hostNetwork: true` do in these terms?',
        because:
          'No new network namespace is made: the container has the node’s interfaces, address and ports, and no policy selects it.',
      },
      'the pod uses the node’s network namespace',
      [
        'the pod gets a second interface',
        'a second interface is what a second plugin adds (Multus); here no cable is made at all',
      ],
      [
        'the pod’s ports are published',
        'that is hostPort: it maps one port and leaves the pod an address of its own',
      ],
    ),
    choose(
      {
        id: 'port-clash',
        ask: 'Two containers of one pod both want port 8080. What happens?',
        because: 'One network namespace has one 8080.',
      },
      'the second cannot bind it',
      [
        'both get requests in turn',
        'turns need a Service in front, over several pods; here both ask one kernel for the same port',
      ],
      [
        'each has its own',
        'two pods have one each; containers of one pod share interfaces, addresses and ports',
      ],
    ),
  ],
});
