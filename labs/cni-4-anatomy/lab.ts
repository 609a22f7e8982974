import type { StageOf } from '../../charts';
import { defineLab } from '../../lib/lab/format';
import { asks, byAnswering, choose, words } from '../../lib/lab/words';
import head from './head';

export default defineLab<StageOf<'cni-4-anatomy'>>({
  id: 'cni-4-anatomy',
  level: 2,
  title: 'From a pod’s name to its network device',
  goal: 'Follow a pod down from `kubectl get pod` to its namespace and the other end of its veth.',
  head,
  prerequisites: ['linux-6-container', 'cni-1-plugin'],
  targets: ['local', 'kind', 'eks'],
  cost: 'cluster',
  localLimits:
    'there is no kubelet and no containerd here: namespace, cable and routes are real, the way down through CRI is read on kind or EKS.',
  environment: { kind: 'cluster', home: 'demo' },
  stages: [
    {
      name: 'open',
      about: 'Two pods of one workload.',
      keeps: ['web -> svc:demo/web:8080'],
      closes: [],
    },
  ],
  start: 'open',
  steps: [
    {
      id: 'chain',
      task: 'Put the parts in order: who calls whom until the pod has a network.',
      checks: [
        asks(
          choose(
            {
              id: 'order-of-calls',
              ask: 'In which order?',
              because:
                'The kubelet asks containerd by CRI for a sandbox; containerd makes the namespace, calls the CNI plugin, and then starts the pause container by shim and runc (internal/cri/server/sandbox_run.go); then the containers join the sandbox.',
            },
            'API server, scheduler, kubelet, containerd, CNI plugin, containers',
            [
              'API server, kubelet, scheduler, CNI plugin, containerd, containers',
              'a kubelet takes only pods that already have a node, and a plugin needs a namespace that already exists',
            ],
            [
              'scheduler, API server, CNI plugin, kubelet, containerd, containers',
              'the scheduler watches for new pods, and nothing on a node acts before its kubelet',
            ],
          ),
        ),
        asks(
          words(
            {
              id: 'who-stays',
              ask: 'Which of these still run once the container runs? kubelet containerd shim runc plugin',
              because:
                'runc starts the process and ends, a plugin ends with its answer. The shim stays as the container’s parent, so that containerd may restart.',
            },
            'kubelet',
            'containerd',
            'shim',
          ),
        ),
      ],
      hints: [
        'Who talks to the API server on a node?',
        '`ps axf` on a node: who is the parent of your process?',
      ],
      solution: byAnswering,
      because: 'Each hands over to the next by a small interface: the API, CRI, OCI, CNI.',
    },
    {
      id: 'namespace',
      task: 'Find the node of `web-0` and the MAC address of its eth0, from inside its namespace.',
      checks: [
        asks({
          id: 'node-of-web',
          ask: 'Which node does `web-0` run on?',
          accept: { kind: 'observed', fact: 'node', of: 'demo/web-0' },
          because: 'Everything further happens on that node.',
        }),
        asks({
          id: 'mac-of-web',
          ask: 'Which MAC address has eth0 of `web-0`?',
          accept: { kind: 'observed', fact: 'mac', of: 'demo/web-0' },
          because: 'It is the address of this end of the cable.',
        }),
      ],
      hints: [
        '`kubectl -n demo get pod -o wide`; here `lab status`.',
        'On a node: `crictl inspectp <id> | grep pid`, then `nsenter -t <pid> -n ip link`.',
        'Here: `lab exec web-0 -- ip link show eth0`.',
      ],
      solution: byAnswering,
      because:
        '`ip netns list` shows only namespaces with a file in /run/netns; containerd keeps one for each sandbox (cni-…), Docker keeps its own elsewhere.',
    },
    {
      id: 'cable',
      task: 'Find the device at the other end of the cable, on the node.',
      checks: [
        asks({
          id: 'host-device',
          ask: 'What is the name of the device at the node’s end?',
          accept: { kind: 'observed', fact: 'host-device', of: 'demo/web-0' },
          because: 'eth0@if7 says: my peer has number 7, over there.',
        }),
      ],
      hints: [
        'In the pod: `ip link show eth0` prints eth0@if<n>. On the node: which device has number n?',
        '`lab exec node-a -- ip -o link`.',
        'Or by routes: on the node, `ip route get <pod address>` names the device.',
      ],
      solution: byAnswering,
      because:
        'Now you can capture there, without anything inside the pod: tools on the node see every packet of it.',
    },
  ],
  questions: [
    choose(
      {
        id: 'no-shell',
        ask: 'The image has no shell and no tools. How do you see its sockets?',
        because:
          'Enter only the network namespace and bring your own tools: `nsenter -t <pid> -n ss -tn`, or an ephemeral container (`kubectl debug --target`).',
      },
      'enter its network namespace from the node with the node’s tools',
      [
        'install tools in the image',
        'a changed image is another pod, and what you wanted to see is gone; sockets are the kernel’s, not the image’s',
      ],
      [
        'not at all',
        'the sockets belong to a network namespace, and the image has no say in who else looks at it',
      ],
    ),
    choose(
      {
        id: 'eks-node',
        ask: 'How do you get onto an EKS node without SSH?',
        because:
          'The node’s role needs AmazonSSMManagedInstanceCore; then `aws ssm start-session --target <instance>`.',
      },
      'Session Manager',
      [
        'kubectl exec into the kubelet',
        'the kubelet is a process of the node and no pod: exec has nothing to enter',
      ],
      [
        'the EC2 serial console only',
        'it is disabled by default for an account, and is there for a machine whose network is dead',
      ],
    ),
    choose(
      {
        id: 'link-trap',
        ask: 'A guide hard-links /proc/<pid>/ns/net to /var/run/netns/pod1 by `ln -f`. What is right?',
        because:
          'A hard link across file systems is refused. `ln -s` works while the process lives; `ip netns attach pod1 <pid>` does it properly.',
      },
      'ip netns attach pod1 <pid>',
      ['cp', 'it wants to read the contents, and a namespace has none: "Invalid argument"'],
      ['ln -f', '-f overwrites a target; it does not lift "Invalid cross-device link"'],
    ),
  ],
});
