import { type CniRow, direct, inTurn, notAsked, type Play, played, SPEC } from './row';

const CHECKED = 'libcni, skel: validates what it hands to a plugin';

/** Variables that are wrong: code 4 and nothing made. */
const WRONG: readonly (readonly [string, string, Readonly<Record<string, string | undefined>>])[] =
  [
    ['E1', 'no CNI_COMMAND', { CNI_COMMAND: undefined }],
    ['E2', 'a command that nobody knows', { CNI_COMMAND: 'PUT' }],
    ['E3', 'no CNI_CONTAINERID', { CNI_CONTAINERID: undefined }],
    ['E4', 'an id that begins with a hyphen', { CNI_CONTAINERID: '-x' }],
    ['E5', 'an id with a slash', { CNI_CONTAINERID: 'a/b' }],
    ['E6', 'no CNI_IFNAME', { CNI_IFNAME: undefined }],
    ['E7', 'a name of 16 letters', { CNI_IFNAME: 'sixteen-chars-xx' }],
    ['E8', 'a name of 15 letters and 30 bytes', { CNI_IFNAME: 'äääääääääääääää' }],
    ['E9', 'a name with a slash', { CNI_IFNAME: 'a/b' }],
    ['E10', 'a name with a colon', { CNI_IFNAME: 'a:b' }],
    ['E11', 'a name with a blank', { CNI_IFNAME: 'a b' }],
    ['E12', 'the name .', { CNI_IFNAME: '.' }],
    ['E13', 'the name ..', { CNI_IFNAME: '..' }],
    ['E14', 'ADD without CNI_NETNS', { CNI_NETNS: undefined }],
    ['E22', 'a namespace that is not there', { CNI_NETNS: '/run/netns/nowhere' }],
    ['E23', 'a namespace that is a file', { CNI_NETNS: '/etc/hostname' }],
    ['E24', 'a namespace that is a folder', { CNI_NETNS: '/etc' }],
    ['E25', 'a mount namespace', { CNI_NETNS: '/proc/self/ns/mnt' }],
  ];

/** Input that is no configuration, or a wrong one. */
const INPUT: readonly (readonly [string, string, string, string])[] = [
  ['E27', 'nothing on standard input', '', 'code 6'],
  ['E28', 'a list', '[]', 'code 6'],
  ['E28b', 'half an object', '{"cniVersion":"1.1.0",', 'code 6'],
  ['E28c', 'null', 'null', 'code 6'],
];

const FIELDS: readonly (readonly [string, string, object])[] = [
  ['E17', 'no network name', { name: undefined }],
  ['E19', 'a network name with a slash', { name: 'a/b' }],
  ['E20', 'an empty network name', { name: '' }],
  ['E20b', 'a network name that begins with a dot', { name: '.net' }],
  ['E33', 'an MTU that is a fraction', { mtu: 1500.5 }],
  ['E34', 'an MTU that is a text', { mtu: '1500' }],
  ['E35', 'a negative MTU', { mtu: -1 }],
  ['E36b', 'an MTU of 70000', { mtu: 70_000 }],
  ['E37.0', 'dns "foo"', { dns: 'foo' }],
  ['E37.1', 'dns 5', { dns: 5 }],
  ['E37.2', 'nameservers that are a text', { dns: { nameservers: '10.0.0.10' } }],
  ['E37.3', 'a search list of numbers', { dns: { search: [5] } }],
  ['E37.4', 'dns that is a list', { dns: [] }],
  ['E37.5', 'a domain that is a number', { dns: { domain: 5 } }],
  ['E38.0', 'prevResult that is a text', { prevResult: 'str' }],
  ['E38.1', 'prevResult that is a list', { prevResult: [] }],
  ['E38.2', 'prevResult that is a number', { prevResult: 5 }],
  ['E38.3', 'ips of prevResult that are a number', { prevResult: { cniVersion: '1.1.0', ips: 5 } }],
  [
    'E38.4',
    'interfaces of prevResult that are a number',
    { prevResult: { cniVersion: '1.1.0', interfaces: 5 } },
  ],
];

/** What the reference lets pass, and why this plugin does not. */
const STRICTER: Readonly<Record<string, string>> = {
  E35: 'ptp hands a negative number to the kernel as if none was given',
  'E38.3': 'ptp does not read prevResult on ADD and would drop it',
  'E38.4': 'ptp does not read prevResult on ADD and would drop it',
};

const stricter = (id: string) => {
  const why = STRICTER[id];
  if (id === 'E1')
    return {
      reference: 'ok, with words on standard error',
      why: 'ptp says who it is; section 2 requires CNI_COMMAND',
    };
  return why === undefined ? {} : { reference: 'ok', why };
};

/** A FIFO that is opened without waiting: a read says EAGAIN until the runtime writes. */
const NON_BLOCKING = `const { openSync, writeSync, closeSync, readFileSync, constants } = require('fs');
const { spawn, execFileSync } = require('child_process');
execFileSync('mkfifo', [process.env.CONFIG + '.fifo']);
const writer = openSync(process.env.CONFIG + '.fifo', 'r+');
const reader = openSync(process.env.CONFIG + '.fifo', constants.O_RDONLY | constants.O_NONBLOCK);
const child = spawn(process.env.PLUGIN, { stdio: [reader, 'ignore', 'inherit'] });
setTimeout(() => { writeSync(writer, readFileSync(process.env.CONFIG)); closeSync(writer); closeSync(reader); }, 300);
child.on('exit', (code) => console.log(code));`;

const mtuOf: Play = async (on, [a = '']) => {
  const end = await on.direct({ config: { MTU: 1400 } });
  return `${end}, ${(await on.sh(`ip -n ${a} link show eth0`)).match(/mtu \d+/)?.[0]}`;
};

const WITHOUT_ARGS = { command: 'ADD' } as const;

/** Variables, standard input and the configuration. */
export const PARAMETERS: readonly CniRow[] = [
  ...WRONG.map(([id, what, env]) =>
    direct([id, what, `${SPEC.parameters}; ${SPEC.error} 4`], { env }, 'code 4', stricter(id)),
  ),
  ...INPUT.map(([id, what, stdin, ours]) =>
    direct([id, what, `${SPEC.error} 6`], { stdin }, ours, stricter(id)),
  ),
  ...FIELDS.map(([id, what, config]) =>
    direct([id, what, `${SPEC.config}; ${SPEC.error} 7`], { config }, 'code 7', stricter(id)),
  ),
  direct(
    ['E15', 'CHECK without CNI_NETNS', SPEC.parameters],
    { command: 'CHECK', env: { CNI_NETNS: undefined }, config: { prevResult: {} } },
    'code 4',
  ),
  direct(
    ['E16', 'DEL without CNI_NETNS', SPEC.del],
    { command: 'DEL', env: { CNI_NETNS: undefined } },
    'ok',
  ),
  played(
    ['E18', 'a network name of 250 letters, and of 300', SPEC.config],
    (on, [, b = '']) =>
      inTurn(
        () => on.direct({ config: { name: 'n'.repeat(250) } }),
        () => on.direct({ config: { name: 'n'.repeat(300) }, container: b }),
      ),
    'ok, ok',
    {
      reference: 'ok, code 999',
      why: 'the name has no limit in the specification; ptp makes a folder of it',
    },
  ),
  direct(
    ['E21', 'ipam.type beside pools', SPEC.ipam],
    { config: { ipam: { type: 'host-local', pools: ['10.88.0.0/24'] } } },
    'code 2',
    notAsked('it names the IPAM plugin of ptp'),
  ),
  played(
    ['E26', 'CHECK with a namespace that is a file', SPEC.error],
    async (on) => {
      await on.direct();
      const config = { prevResult: on.said() };
      return on.direct({ command: 'CHECK', env: { CNI_NETNS: '/etc/hostname' }, config });
    },
    'code 4',
  ),
  played(
    ['E29', 'standard input is a folder', `${SPEC.error} 5`],
    async (on) =>
      (await on.shell('"$PLUGIN" < /; echo')).match(/"code": ?5/)?.[0].replace(' ', '') ?? 'other',
    '"code":5',
  ),
  played(
    ['E30', 'standard input has nothing yet and does not block', SPEC.parameters],
    (on) => on.shell(`"${process.execPath}" -e '${NON_BLOCKING.replaceAll("'", '"')}'`),
    '0',
  ),
  played(
    ['E31', 'an error has cniVersion, code, msg and details', SPEC.error],
    async (on) => {
      await on.direct({ env: { CNI_IFNAME: 'a/b' } });
      return Object.keys(on.said()).sort().join(' ');
    },
    'cniVersion code details msg',
    {
      reference: 'code msg',
      why: 'section 5 wants cniVersion in an error; details is optional and says what to do',
    },
  ),
  played(
    ['E32', 'the version of an error is not that of prevResult', SPEC.error],
    async (on) => {
      const prevResult = { cniVersion: '0.4.0' };
      const text = JSON.stringify({ prevResult, cniVersion: '1.1.0', name: '', type: 'x' });
      return `${await on.direct({ stdin: text })}, ${on.said().cniVersion}`;
    },
    'code 7, 1.1.0',
    { reference: 'code 7, undefined', why: 'section 5 wants cniVersion in an error' },
  ),
  direct(['E36', 'an MTU of 0', SPEC.config], { config: { mtu: 0 } }, 'code 7', {
    reference: 'ok',
    why: 'ptp reads 0 as absent; ours wants the field left out and says so',
  }),
  direct(
    ['E39', 'a key that nobody knows', SPEC.config],
    { config: { 'x.example/unknown': true } },
    'ok',
  ),
  played(
    ['E40', 'MTU in capitals', 'encoding/json of the reference plugins'],
    mtuOf,
    'ok, mtu 1400',
  ),
  direct(
    ['E40b', 'ipam.blockprefix in small letters', 'encoding/json of the reference plugins'],
    { config: { ipam: { pools: ['10.88.0.0/24'], blockprefix: 99, dataDir: '/run/e40' } } },
    'code 7',
    notAsked('host-local has no blocks'),
  ),
  direct(
    ['E40c', 'an IPAM field that does not exist', `${SPEC.error} 2`],
    { config: { ipam: { pools: ['10.88.0.0/24'], poolz: [] } } },
    'code 2',
    notAsked('host-local ignores fields that it does not know'),
  ),
  played(
    ['E41', 'all problems in one error', SPEC.error],
    async (on) => {
      const end = await on.direct({ config: { name: '', mtu: 5, dns: 5 } });
      return `${end}, ${['name', 'mtu', 'dns'].filter((word) => on.said().details.includes(word)).join(' ')}`;
    },
    'code 7, name mtu dns',
    notAsked('ptp reports the first problem alone'),
  ),
  direct(['E42', 'no type', SPEC.config], { config: { type: undefined } }, 'ok'),
  direct(['E43', 'no CNI_PATH', SPEC.parameters], { env: { CNI_PATH: undefined } }, 'ok', {
    reference: 'code 4',
    why: 'ours delegates to no other plugin, so it needs no path to them',
  }),
  direct(
    ['E46', 'CNI_ARGS without =', 'libcni, types.LoadArgs'],
    { ...WITHOUT_ARGS, env: { CNI_ARGS: 'foo' } },
    'code 4',
  ),
  direct(
    ['E47', 'unknown CNI_ARGS with IgnoreUnknown', SPEC.args],
    { env: { CNI_ARGS: 'IgnoreUnknown=1;FOO=1' } },
    'ok',
  ),
  direct(
    ['E48', "CNI_ARGS as containerd's CRI writes them", SPEC.args],
    {
      env: {
        CNI_ARGS:
          'IgnoreUnknown=1;K8S_POD_NAMESPACE=shop;K8S_POD_NAME=web;K8S_POD_INFRA_CONTAINER_ID=x;K8S_POD_UID=y',
      },
    },
    'ok',
  ),
  direct(
    ['E49', 'several wrong variables', CHECKED],
    { env: { CNI_CONTAINERID: '-', CNI_IFNAME: 'a/b' } },
    'code 4',
  ),
];
