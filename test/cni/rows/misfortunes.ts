import { addressOf } from './add';
import { type CniRow, direct, inTurn, notAsked, played, SPEC } from './row';

/** The store on a small disk of its own, which a file fills. */
const FULL = `mkdir -p /run/d-$$ && mount -t tmpfs -o size=64k tmpfs /run/d-$$ && sed -i "s#/run/DISK#/run/d-$$#" "$CONFIG"`;
const FILL = 'cat /dev/zero > /run/d-$$/ballast 2>/dev/null';
const ended = (op: string) =>
  `CNI_COMMAND=${op} "$PLUGIN" < "$CONFIG" | tr -d ' \\n' | grep -o '"code":[0-9]*'; echo ${op} \${PIPESTATUS[0]}`;
const DISK = { config: { ipam: { pools: ['10.88.0.0/24'], node: 'a', dataDir: '/run/DISK' } } };
const OWN_STORE = notAsked('the store is this plugin’s own');

const onFullDisk = (...lines: readonly string[]) =>
  ['exec 2>&1', FULL, ...lines, 'umount /run/d-$$'].join('\n');
const READ_ONLY = 'mount --bind /proc/sys /proc/sys && mount -o remount,ro,bind /proc/sys';

/** What befalls a host. */
export const MISFORTUNES: readonly CniRow[] = [
  played(
    ['H1', '/proc/sys is read-only, and the host forwards already', 'plugins, ip.EnableForward'],
    async (on, [a = '']) => {
      await on.sh('echo 1 > /proc/sys/net/ipv4/ip_forward');
      const end = await on.shell(
        `export PLUGIN CONFIG; unshare -m sh -c '${READ_ONLY} && "$PLUGIN" < "$CONFIG" > /dev/null; echo $?'`,
      );
      return `${end}, eth0 ${await on.has(a)}`;
    },
    '0, eth0 true',
  ),
  played(
    ['H1b', '/proc/sys is read-only, and the host does not forward', `${SPEC.error} 5`],
    async (on, [a = '']) => {
      await on.sh('echo 0 > /proc/sys/net/ipv4/ip_forward');
      const line = `export PLUGIN CONFIG; unshare -m sh -c '${READ_ONLY} && "$PLUGIN" < "$CONFIG"' | tr -d ' \\n' | grep -o '"code":[0-9]*' | tr -d 0-9`;
      return `${await on.shell(line)}, eth0 ${await on.has(a)}`;
    },
    '"code":, eth0 false',
  ),
  played(
    ['H2', 'the disk of the store is full: ADD', `${SPEC.error} 5`],
    async (on) => (await on.shell(onFullDisk(FILL, ended('ADD')), DISK)).replaceAll('\n', ' '),
    '"code":5 ADD 1',
    OWN_STORE,
  ),
  played(
    ['H2b', 'the disk of the store is full: DEL twice, then GC', SPEC.del],
    async (on, [a = '']) => {
      const config = { ...DISK.config, 'cni.dev/valid-attachments': [] };
      const lines = [
        'CNI_COMMAND=ADD "$PLUGIN" < "$CONFIG" > /dev/null',
        FILL,
        ended('DEL'),
        ended('DEL'),
        ended('GC'),
      ];
      return `${(await on.shell(onFullDisk(...lines), { config })).replaceAll('\n', ' ')}, eth0 ${await on.has(a)}`;
    },
    'DEL 0 DEL 0 GC 0, eth0 false',
    OWN_STORE,
  ),
  played(
    ['H3', 'the folder of the store is below a file', `${SPEC.error} 5`],
    (on) =>
      on.direct({ config: { ipam: { pools: ['10.88.0.0/24'], dataDir: '/etc/hostname/data' } } }),
    'code 5',
    OWN_STORE,
  ),
  played(
    ['H4', 'the folder of the store is in /proc', `${SPEC.error} 5`],
    (on) => on.direct({ config: { ipam: { pools: ['10.88.0.0/24'], dataDir: '/proc/x/data' } } }),
    'code 5',
    OWN_STORE,
  ),
  played(
    ['H5', 'DEL without CAP_NET_ADMIN', SPEC.error],
    async (on) => {
      await on.direct();
      const line = `setpriv --bounding-set=-net_admin --inh-caps=-net_admin "$PLUGIN" < "$CONFIG" | tr -d ' \\n' | grep -o '"code":[0-9]*' | tr -d '0-9'`;
      return on.shell(line, { command: 'DEL' });
    },
    '"code":',
  ),
  played(
    ['H6', 'ADD without CAP_NET_ADMIN', SPEC.error],
    async (on, [a = '']) => {
      const line = `setpriv --bounding-set=-net_admin --inh-caps=-net_admin "$PLUGIN" < "$CONFIG" | tr -d ' \\n' | grep -o '"code":[0-9]*' | tr -d '0-9'`;
      return `${await on.shell(line)}, eth0 ${await on.has(a)}, ${await on.direct()}`;
    },
    '"code":, eth0 false, ok',
    {
      reference: '"code":, eth0 false, code 999',
      why: 'an ADD that is refused leaves no lease: host-local keeps it until DEL',
    },
  ),
  played(
    ['H7', 'the store is lost, the container alive: ADD again', SPEC.add],
    async (on, [a = '', b = '']) => {
      await inTurn(
        () => on.direct(),
        () => on.direct({ container: b }),
      );
      await on.sh(`rm -r /run/${on.netns}/data`);
      const again = (await on.direct()).startsWith('code') ? 'refused' : 'ok';
      return `${again}, ${await on.reaches(b, await addressOf(on, a))}`;
    },
    'refused, true',
  ),
  played(
    ['H8', 'the store is lost: a living container’s address is not given', SPEC.add],
    async (on, [a = '', b = '']) => {
      await on.direct();
      await on.sh(`rm -r /run/${on.netns}/data`);
      const end = await on.direct({ container: b });
      return `${end}, ${(await addressOf(on, a)) === (await addressOf(on, b))}`;
    },
    'ok, false',
    { reference: 'ok, true', why: 'ours asks the routes of the host, too' },
  ),
  direct(
    ['M2', 'an MTU that is a fraction, in 1.1.0', SPEC.result],
    { config: { cniVersion: '1.1.0', mtu: 1400.25 } },
    'code 7',
  ),
  played(
    ['M3', 'after DEL of a renamed host end the address is free, and the next ADDs work', SPEC.del],
    async (on, [a = '', b = '', c = '']) => {
      await on.call('ADD', a);
      const host = on.last().interfaces[0]?.name ?? '';
      await on.sh(`ip link set ${host} down; ip link set ${host} name lab9`);
      return inTurn(
        () => on.call('DEL', a),
        () => on.call('ADD', b),
        () => on.call('ADD', c),
        () => on.call('ADD', a),
      );
    },
    'ok, ok, ok, ok',
  ),
];
