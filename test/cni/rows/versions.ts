import { type CniRow, direct, inTurn, notAsked, type Play, played, SPEC } from './row';

const lived =
  (version: string): Play =>
  async (on, [a = '']) => {
    const more = { version };
    const turns = ['ADD', 'CHECK', 'DEL'].map((op) => () => on.call(op, a, more));
    return `${await inTurn(...turns)}, eth0 ${await on.has(a)}`;
  };

const answered =
  (command: string, config: object): Play =>
  async (on) => {
    const end = await on.direct({ command, config });
    const { cniVersion, supportedVersions = [] } = on.said();
    return `${end} ${cniVersion}${supportedVersions.includes('1.1.0') ? ', 1.1.0 is supported' : ''}`;
  };

const OLD = {
  reference: 'ok',
  why: 'this plugin does not write results of 0.1.0 and 0.2.0, which had one address a family; it says so (code 1)',
} as const;

/** Versions of the specification, and VERSION. */
export const VERSIONS: readonly CniRow[] = [
  played(
    ['V1', 'VERSION names what is supported', SPEC.version],
    answered('VERSION', {}),
    'ok 1.1.0, 1.1.0 is supported',
  ),
  direct(
    ['V2', 'VERSION of 0.4.0', SPEC.version],
    { command: 'VERSION', config: { cniVersion: '0.4.0' } },
    'ok',
  ),
  direct(
    ['V3', 'no cniVersion, which libcni reads as 0.1.0', 'libcni, version.ConfigDecoder'],
    { config: { cniVersion: undefined } },
    'code 1',
    OLD,
  ),
  direct(
    ['V4', 'VERSION with nothing on standard input', 'libcni, skel'],
    { command: 'VERSION', stdin: '' },
    'ok',
  ),
  direct(['V5', 'ADD of 0.1.0', SPEC.version], { config: { cniVersion: '0.1.0' } }, 'code 1', OLD),
  direct(['V6', 'ADD of 0.2.0', SPEC.version], { config: { cniVersion: '0.2.0' } }, 'code 1', OLD),
  ...['0.3.0', '0.3.1', '0.4.0', '1.0.0', '1.1.0'].map((version, i) =>
    played(
      [`V${7 + i}`, `a life in ${version}, through libcni`, SPEC.version],
      lived(version),
      version.startsWith('0.3') ? 'ok, code ?, ok, eth0 false' : 'ok, ok, ok, eth0 false',
    ),
  ),
  direct(['V12', 'ADD of 2.0.0', SPEC.version], { config: { cniVersion: '2.0.0' } }, 'code 1'),
  played(
    ['V13', 'libcni validates a list of 2.0.0', 'libcni, ValidateNetworkList'],
    async (on, [a = '']) =>
      (await on.call('VALIDATE', a, { version: '2.0.0' })) === 'ok' ? 'ok' : 'refused',
    'refused',
  ),
  played(
    ['V14', 'libcni validates a list of 1.1.0', 'libcni, ValidateNetworkList'],
    (on, [a = '']) => on.call('VALIDATE', a),
    'ok',
  ),
  direct(
    ['V15', 'a cniVersion that is a number', SPEC.version],
    { config: { cniVersion: 1.1 } },
    'code 1',
  ),
  direct(
    ['V16', 'VERSION with input that is no JSON', SPEC.version],
    { command: 'VERSION', stdin: '{' },
    'code 6',
    {
      reference: 'ok',
      why: 'the input of VERSION is a JSON object; half an object is a mistake of whoever calls',
    },
  ),
  played(
    ['V17', 'a result of 0.4.0 has the family of each address', SPEC.result],
    async (on) => {
      const end = await on.direct({ config: { cniVersion: '0.4.0' } });
      return `${end}, ${on.said().cniVersion}, version ${on.said().ips?.[0]?.version}`;
    },
    'ok, 0.4.0, version 4',
  ),
  played(
    ['V18', 'a result of 1.0.0 has neither family nor mtu', SPEC.result],
    async (on) => {
      const end = await on.direct({ config: { cniVersion: '1.0.0' } });
      return `${end}, ${on.said().ips?.[0]?.version}, ${on.said().interfaces?.[0]?.mtu}`;
    },
    'ok, undefined, undefined',
  ),
  played(
    ['V19', 'an error speaks the version of the configuration', SPEC.error],
    answered('ADD', { cniVersion: '0.4.0', ipam: {} }),
    'code 7 0.4.0',
    notAsked('delegating to an IPAM plugin without a name is another error of ptp'),
  ),
  direct(
    ['V20', 'CHECK before 0.4.0', SPEC.check],
    { command: 'CHECK', config: { cniVersion: '0.3.1', prevResult: {} } },
    'code 1',
  ),
];
