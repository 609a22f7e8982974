import type { DirectCall } from '../host';
import type { LabNode } from '../lab-host';
import { inTurn, SPEC } from './row';

/** One call, or some, about a network that is a lab. No reference plugin has such a network. */
export interface LabRow {
  readonly id: string;
  readonly what: string;
  readonly rule: string;
  readonly play: (on: LabNode, containers: readonly [string, string]) => Promise<string>;
  readonly ours: string;
}

type Play = LabRow['play'];
const row = (
  [id, what, rule]: readonly [string, string, string],
  play: Play | DirectCall,
  ours: string,
): LabRow => ({
  id,
  what,
  rule,
  play: typeof play === 'function' ? play : (on) => on.direct(play),
  ours,
});

const DOWN = { lab: '/run/no-such-lab.sock', 'cni.dev/valid-attachments': [] };
const down = (command: string): DirectCall => ({ command, config: DOWN });

/** CHECK after ADD, with this change of the result and of the call. */
const checked =
  (change: (result: ReturnType<LabNode['said']>) => object, more: DirectCall = {}): Play =>
  async (on) => {
    await on.direct();
    const config = { prevResult: change(on.said()) };
    return on.direct({ ...more, command: 'CHECK', config });
  };

const gc =
  (valid: (a: string) => unknown): Play =>
  async (on, [a]) => {
    await on.direct();
    const config = { 'cni.dev/valid-attachments': valid(a) };
    return `${await on.direct({ command: 'GC', config })}, ${await on.isPod(a)}`;
  };

const netns = (path: string): DirectCall => ({ env: { CNI_NETNS: path } });
const LAB = 'PLUGIN.md, A network that is a running lab';

/** What is asked of the plugin where its network is a lab. */
export const LAB_ROWS: readonly LabRow[] = [
  row(
    ['L1', 'STATUS of a lab that is down', `${SPEC.status}; ${SPEC.error} 50`],
    down('STATUS'),
    'code 50',
  ),
  row(['L2', 'ADD to a lab that is down', `${SPEC.error} 11`], down('ADD'), 'code 11'),
  row(['L3', 'DEL from a lab that is down', SPEC.del], down('DEL'), 'ok'),
  row(['L4', 'GC of a lab that is down', SPEC.gc], down('GC'), 'ok'),
  row(['L5', 'CHECK in a lab that is down', `${SPEC.error} 11`], down('CHECK'), 'code 11'),
  row(['L6', 'VERSION of a lab that is down', SPEC.version], down('VERSION'), 'ok'),
  row(
    ['L7', 'a lab of which nobody knows', `${SPEC.error} 11`],
    { config: { lab: 'nolab' } },
    'code 11',
  ),
  row(['LM1', 'VERSION', SPEC.version], { command: 'VERSION' }, 'ok'),
  row(['LM2', 'STATUS', SPEC.status], { command: 'STATUS' }, 'ok'),
  row(
    ['LM3', 'ADD', SPEC.add],
    async (on, [a]) => `${await on.direct()}, ${await on.isPod(a)}`,
    'ok, true',
  ),
  row(
    ['LM4', 'ADD twice', SPEC.add],
    (on) =>
      inTurn(
        () => on.direct(),
        () => on.direct(),
      ),
    'ok, code 7',
  ),
  row(
    ['LM5', 'a pod that nobody declared', LAB],
    { env: { CNI_ARGS: 'K8S_POD_NAMESPACE=shop;K8S_POD_NAME=nobody' } },
    'code 7',
  ),
  row(['LM6', 'a second interface', LAB], { env: { CNI_IFNAME: 'net1' } }, 'code 4'),
  row(
    ['LM7', 'a pod of another node', LAB],
    { env: { CNI_ARGS: 'K8S_POD_NAMESPACE=shop;K8S_POD_NAME=client' } },
    'code 4',
  ),
  row(['LM8', 'a namespace that is a file', `${SPEC.error} 4`], netns('/etc/hostname'), 'code 4'),
  row(['LM9', 'a namespace that is a folder', `${SPEC.error} 4`], netns('/etc'), 'code 4'),
  row(['LM10', 'a mount namespace', `${SPEC.error} 4`], netns('/proc/self/ns/mnt'), 'code 4'),
  row(
    ['LM11', 'a namespace that is not there', `${SPEC.error} 4`],
    netns('/run/netns/nowhere'),
    'code 4',
  ),
  row(
    ['LM11b', "the plugin's own namespace, which is the node's", 'libcni, skel: ErrInvalidNetNS'],
    netns('/proc/self/ns/net'),
    'code 8',
  ),
  row(['LM12', 'CNI_ARGS that name no pod', LAB], { env: { CNI_ARGS: '' } }, 'code 4'),
  row(
    ['LM13', 'CHECK of a container as it was left', SPEC.check],
    checked((r) => r),
    'ok',
  ),
  row(
    ['LM14', 'CHECK without prevResult', SPEC.check],
    (on) =>
      inTurn(
        () => on.direct(),
        () => on.direct({ command: 'CHECK' }),
      ),
    'ok, code 7',
  ),
  row(
    ['LM15', 'CHECK with another address in prevResult', SPEC.check],
    checked((r) => ({ ...r, ips: [{ ...r.ips[0], address: '10.9.9.9/32' }] })),
    'code 103',
  ),
  row(
    ['LM15b', 'CHECK with another route in prevResult', SPEC.check],
    checked((r) => ({ ...r, routes: [{ dst: '10.9.0.0/16' }] })),
    'code 103',
  ),
  row(
    ['LM15c', 'CHECK with another MAC address in prevResult', SPEC.check],
    checked((r) => ({
      ...r,
      interfaces: [r.interfaces[0], { ...r.interfaces[1], mac: '02:00:00:00:00:77' }],
    })),
    'code 103',
  ),
  row(
    ['LM15d', 'CHECK with an empty prevResult', SPEC.check],
    checked((r) => ({ cniVersion: r.cniVersion })),
    'code 103',
  ),
  row(
    ['LM16', 'CHECK with the namespace of another container', SPEC.check],
    async (on, [, b]) => checked((r) => r, netns(`/run/netns/${b}`))(on, ['', '']),
    'code 103',
  ),
  row(
    ['LM17', 'CHECK with a namespace that is not there', SPEC.check],
    checked((r) => r, netns('/run/netns/nowhere')),
    'code 4',
  ),
  row(
    ['LM18', 'DEL', SPEC.del],
    async (on, [a]) =>
      `${await inTurn(
        () => on.direct(),
        () => on.direct({ command: 'DEL' }),
      )}, ${await on.isPod(a)}`,
    'ok, ok, false',
  ),
  row(
    ['LM19', 'DEL twice', SPEC.del],
    (on) =>
      inTurn(
        () => on.direct(),
        () => on.direct({ command: 'DEL' }),
        () => on.direct({ command: 'DEL' }),
      ),
    'ok, ok, ok',
  ),
  row(
    ['LM20', 'DEL where the namespace is empty', SPEC.del],
    (on) =>
      inTurn(
        () => on.direct(),
        () => on.direct({ command: 'DEL', env: { CNI_NETNS: '' } }),
      ),
    'ok, ok',
  ),
  row(
    ['LM21', 'GC keeps the living', SPEC.gc],
    gc((a) => [{ containerID: a, ifname: 'eth0' }]),
    'ok, true',
  ),
  row(
    ['LM22', 'GC with texts', SPEC.gc],
    gc((a) => [`${a}/eth0`]),
    'code 7, true',
  ),
  row(
    ['LM22b', 'GC with containerId in other letters', SPEC.gc],
    gc((a) => [{ containerId: a, IFNAME: 'eth0' }]),
    'ok, true',
  ),
  row(
    ['LM23', 'GC with null', 'libcni, GCNetworkList'],
    gc(() => null),
    'ok, false',
  ),
  row(
    ['LM24', 'GC without its list', SPEC.gc],
    (on) =>
      inTurn(
        () => on.direct(),
        () => on.direct({ command: 'GC' }),
      ),
    'ok, code 7',
  ),
  row(['LM25', 'dns of the wrong shape', `${SPEC.error} 7`], { config: { dns: 'foo' } }, 'code 7'),
  row(
    ['LM26', 'dns of the configuration', SPEC.result],
    async (on) =>
      `${await on.direct({ config: { dns: { nameservers: ['192.0.2.53'] } } })}, ${on.said().dns.nameservers}`,
    'ok, 192.0.2.53',
  ),
  row(
    ['LM27', "an empty dns in prevResult: the lab's is kept", SPEC.result],
    async (on) =>
      `${await on.direct({ config: { prevResult: { cniVersion: '1.1.0', dns: {} } } })}, ${on.said().dns.nameservers}`,
    'ok, 10.96.0.10',
  ),
  row(['LM28', 'an MTU', LAB], { config: { mtu: 1400 } }, 'code 7'),
  row(['LM29', 'ipam', LAB], { config: { ipam: { pools: ['10.0.0.0/24'] } } }, 'code 7'),
  row(['LM30', 'ipMasq', `${SPEC.error} 2`], { config: { ipMasq: true } }, 'code 2'),
  row(
    ['LM31', 'an address that is requested', SPEC.conventions],
    { config: { runtimeConfig: { ips: ['10.0.0.9'] } } },
    'code 2',
  ),
  row(
    ['LM31b', 'an address that is requested by args', 'CONVENTIONS.md, args in network config'],
    { config: { args: { cni: { ips: ['10.0.0.9'] } } } },
    'code 7',
  ),
  row(
    ['LM32', 'unknown CNI_ARGS', 'libcni, types.LoadArgs'],
    { env: { CNI_ARGS: 'FOO=1;K8S_POD_NAMESPACE=shop;K8S_POD_NAME=web' } },
    'code 4',
  ),
  row(
    ['LM33', 'a version that nothing supports', `${SPEC.error} 1`],
    { config: { cniVersion: '2.0.0' } },
    'code 1',
  ),
  row(
    ['LM34', 'LAB in capitals', 'encoding/json of the reference plugins'],
    async (on) => {
      const { lab } = { lab: '/run/no-such-lab.sock' };
      return on.direct({ command: 'STATUS', config: { lab: undefined, LAB: lab } });
    },
    'code 50',
  ),
  row(['LM35', 'half an object', `${SPEC.error} 6`], { stdin: '{"lab":' }, 'code 6'),
  row(['LM36', 'a lab that is a number', `${SPEC.error} 7`], { config: { lab: 5 } }, 'code 7'),
];
