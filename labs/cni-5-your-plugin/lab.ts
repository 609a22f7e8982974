import { defineLab } from '../../lib/lab/format';
import { asks, choose, has, linesIn, typed } from '../../lib/lab/words';
import type { PluginCapability } from '../../lib/model/plugin-capability';
import head from './head';
import { installed, PLUGIN, trials } from './trials';

/** The plugin does what a runtime asks of it. */
const does = (capability: PluginCapability, because: string) =>
  has('host', { kind: 'plugin', path: PLUGIN, does: capability }, because);

export default defineLab({
  id: 'cni-5-your-plugin',
  level: 2,
  title: 'CNI: write your own plugin',
  goal: 'Write a CNI plugin in a language of your choice, command by command, until a runtime can rely on it.',
  head,
  prerequisites: ['cni-1-plugin', 'cni-2-ipam'],
  targets: ['local'],
  needs: [{ name: 'jq', package: 'jq' }],
  cost: 'none',
  environment: {
    kind: 'linux',
    machines: [{ name: 'host' }, { name: 'pod1' }, { name: 'pod2' }],
    prepare: linesIn(
      'host',
      'ip addr add 10.9.0.10/32 dev lo',
      'mkdir -p /run/cni/bin',
      'echo \'{"cniVersion":"1.1.0","name":"mine","type":"my-plugin","subnet":"10.30.0.0/24","dataDir":"/run/cni/data"}\' > /run/cni/mine.json',
    ),
  },
  stages: [],
  steps: [
    {
      id: 'version',
      task: 'Write an executable `/run/cni/bin/my-plugin`, in any language, that answers VERSION: JSON on standard output with `cniVersion` and `supportedVersions`. It refuses an unknown command: exit code 1 and an error as JSON.',
      checks: [does('version', 'a runtime asks first which versions a plugin speaks')],
      hints: [
        'Copy a skeleton: `cp $LAB_HOME/labs/cni-5-your-plugin/skeletons/plugin.sh /run/cni/bin/my-plugin`.',
        'The command is in the variable CNI_COMMAND. The answer: `{"cniVersion":"1.1.0","supportedVersions":["1.0.0","1.1.0"]}`.',
        'An error is `{"cniVersion":"1.1.0","code":4,"msg":"..."}` on standard output.',
      ],
      solution: typed('host', ...installed('VERSION')),
      trials: trials.version,
      because:
        'Input by environment and standard input, output by standard output and exit code: that is all.',
    },
    {
      id: 'add',
      task: 'ADD connects the namespace at `CNI_NETNS`: an interface named by `CNI_IFNAME`, an address of the `subnet` in the configuration, a default route, and the result as JSON. Pods and host reach each other. An ADD that fails leaves nothing behind.',
      checks: [does('add', 'the result says what was done, and the kernel shows it')],
      hints: [
        'Read the configuration from standard input: `subnet`, and `dataDir` for the addresses that are taken. Each call is a process of its own, so what it must remember goes into a file.',
        'The nine commands of `cni-1-plugin` connect a pod. `ip link add ... netns <name>` puts the end into its namespace at once.',
        'The result: `interfaces` with the pod’s interface and its `sandbox`, `ips` with `address` and `interface`, the index in that list.',
      ],
      solution: typed('host', ...installed('VERSION ADD')),
      trials: trials.add,
      because: 'Nine commands connect a pod; reading, remembering and reporting are the rest.',
    },
    {
      id: 'delete',
      task: 'DEL takes everything away and gives the address back. It succeeds when it is called again, without a namespace, and for a pod that never was. A full subnet makes ADD fail with an error.',
      checks: [does('delete', 'runtimes repeat DEL until it succeeds')],
      hints: [
        'Deleting one end of a veth pair deletes the other.',
        'Without CNI_NETNS only CNI_CONTAINERID and CNI_IFNAME say whose address it was: keep them with it.',
      ],
      solution: typed('host', ...installed('VERSION ADD DEL')),
      trials: trials.delete,
      because: 'What may be repeated must be safe to repeat.',
    },
    {
      id: 'check',
      task: 'CHECK compares the pod with `prevResult` of the configuration: interface up, address, default route. It reports damage as an error and repairs nothing.',
      checks: [
        does('check', 'a runtime asks whether the pod is still as the plugin left it'),
        asks(
          choose(
            {
              id: 'who-repairs',
              ask: 'CHECK fails. Who repairs the pod?',
              because:
                'The runtime decides, by DEL and ADD; most remove the sandbox and make a new one.',
            },
            'the runtime, by DEL and ADD',
            ['CHECK itself', 'it was asked a question, and its caller expects nothing to change'],
            ['the next ADD of another pod', 'each ADD is about one container and no other'],
            ['the kubelet, by a route', 'it asks the runtime for sandboxes and sets no routes'],
          ),
        ),
      ],
      hints: [
        'The address that was given is `.prevResult.ips[0].address`.',
        '`ip -j addr show` prints JSON; look for the flag UP and for the address with its prefix.',
      ],
      solution: typed('host', ...installed('VERSION ADD DEL CHECK')),
      trials: trials.check,
      because: 'A question that changes nothing can be asked at any time.',
    },
    {
      id: 'collect',
      task: 'STATUS says whether an ADD could succeed: it fails without a `subnet`. GC frees the addresses of attachments that are not in `cni.dev/valid-attachments`, and leaves the valid ones as they are.',
      checks: [
        does('status', 'a node is not ready while its plugin is not'),
        does('collect', 'a node that crashed never called DEL'),
      ],
      hints: [
        'Version 1.1: the list has objects with `containerID` and `ifname`.',
        'Walk over what you remember; what is not in the list goes.',
      ],
      solution: typed('host', ...installed('VERSION ADD DEL CHECK STATUS GC')),
      trials: trials.collect,
      because: 'Without GC, every crash takes some addresses for good.',
    },
    {
      id: 'parallel',
      task: 'Twenty pods start at the same moment. Each gets an address of its own.',
      checks: [
        does('parallel', 'a node starts many pods at once'),
        does('add', 'and one alone still works'),
        does('delete', 'and goes away again'),
      ],
      hints: [
        'Two calls read the same file before either wrote it. Hold a lock from reading to writing.',
        'bash: `exec 9>/run/cni/lock; flock 9`. Python: `fcntl.flock`. The lock goes with the process.',
      ],
      solution: typed('host', ...installed('VERSION ADD DEL CHECK STATUS GC LOCK')),
      trials: trials.parallel,
      because:
        'Correct alone and correct in a crowd are two properties; only a lock gives the second.',
    },
  ],
  questions: [
    choose(
      {
        id: 'remember',
        ask: 'Where does a plugin keep what it must remember between two calls?',
        because: 'Each call is a new process; what is kept in memory ends with it.',
      },
      'in files of the node',
      ['in a variable', 'the process ends with its answer, and its variables with it'],
      [
        'in the result',
        'the runtime keeps it for CHECK and DEL of that pod, and shows it to no other',
      ],
      ['in the environment', 'a process cannot change the environment of its caller'],
    ),
    choose(
      {
        id: 'stdout',
        ask: 'Your plugin prints a progress line on standard output before the result. What happens?',
        because: 'Standard output is the result. Logs go to standard error or to a file.',
      },
      'the runtime cannot read the result',
      ['it is shown in the events of the pod', 'events have the error of a failed call, no more'],
      ['nothing', 'the runtime parses all of standard output as one JSON value'],
      ['it is logged by the kubelet', 'the kubelet speaks to the runtime and never to a plugin'],
    ),
    choose(
      {
        id: 'chained',
        ask: 'A plugin for port mappings comes after yours in the list. What does it get?',
        because:
          'The runtime passes the result on as `prevResult`; the next plugin adds to it and prints the whole.',
      },
      'your result, as prevResult',
      [
        'the name of your interface, in CNI_IFNAME alone',
        'addresses are needed too, and only a result has them',
      ],
      ['nothing: each plugin starts anew', 'it could not know which address to map'],
      ['your data folder', 'how a plugin remembers is its own affair'],
    ),
  ],
});
