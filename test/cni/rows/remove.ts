import type { PluginHost } from '../host';
import { addressOf } from './add';
import { type CniRow, direct, inTurn, notAsked, type Play, played, SPEC } from './row';

const DEL = { command: 'DEL' } as const;

/** ADD, then the store is replaced, then DEL and a new ADD. */
const withStore =
  (text: string): Play =>
  async (on, [a = '', b = '']) => {
    await on.direct();
    await on.sh(`cat > $(ls /run/${on.netns}/data/*.json)`, text);
    const turns = await inTurn(
      () => on.direct(DEL),
      () => on.direct({ container: b }),
    );
    return `${turns}, eth0 ${await on.has(a)}`;
  };

/** Kills a call at forty moments, then cleans up; what is left over of containers and leases? */
const killed =
  (command: 'ADD' | 'DEL'): Play =>
  async (on, [a = '']) => {
    const after = [0.03, 0.05, 0.06, 0.07, 0.08, 0.09, 0.1, 0.11, 0.12, 0.14, 0.16, 0.2].join(' ');
    const before = command === 'DEL' ? 'CNI_COMMAND=ADD "$PLUGIN" < "$CONFIG" >/dev/null;' : '';
    await on.shell(
      `for t in ${after}; do ${before} timeout -s KILL $t "$PLUGIN" < "$CONFIG" >/dev/null 2>&1; CNI_COMMAND=DEL "$PLUGIN" < "$CONFIG" || echo bad; done`,
      { command },
    );
    return `eth0 ${await on.has(a)}, ${await on.direct()}, ${await on.direct(DEL)}, ${await devices(on)}`;
  };

const devices = async (on: PluginHost) =>
  (await on.sh("ip -br link | grep -cE '^(lab|veth)'")) || '0';

const OWN_STORE = 'the store is this plugin’s own; host-local has a file an address';
const GONE =
  'specification 2, DEL: always complete a DEL without error to the fullest extent possible';

const CNITOOL = (op: string) =>
  `CNI_PATH=\${PLUGIN%/*} NETCONFPATH=/run/conf-$$ CNI_IFNAME=eth0 \${PLUGIN%/*}/cnitool ${op} net "$CNI_NETNS" > /dev/null 2>&1; echo ${op} $?`;

const cnitool: Play = async (on) => {
  const list = '{"cniVersion":"1.1.0","name":"net","plugins":[%s]}';
  const line = [
    'unset CNI_COMMAND CNI_CONTAINERID; mkdir -p /run/conf-$$',
    `printf '${list}' "$(cat "$CONFIG")" > /run/conf-$$/net.conflist`,
    ...['add', 'check', 'status', 'del', 'add', 'gc'].map(CNITOOL),
    'rm -r /run/conf-$$',
  ].join('\n');
  return (await on.shell(line)).replaceAll('\n', ', ');
};

/** DEL, and the programs of the CNI project that call a whole life. */
export const REMOVALS: readonly CniRow[] = [
  played(
    ['D1', 'DEL takes the interface and the host end away', SPEC.del],
    async (on, [a = '']) =>
      `${await inTurn(
        () => on.direct(),
        () => on.direct(DEL),
      )}, eth0 ${await on.has(a)}, ${await devices(on)}`,
    'ok, ok, eth0 false, 0',
  ),
  played(
    ['D2', 'DEL twice', SPEC.del],
    (on) =>
      inTurn(
        () => on.direct(),
        () => on.direct(DEL),
        () => on.direct(DEL),
      ),
    'ok, ok, ok',
  ),
  direct(['D3', 'DEL of a container that never was', SPEC.del], DEL, 'ok'),
  played(
    ['D4', 'DEL where the namespace is gone', SPEC.del],
    async (on, [a = '']) => {
      await on.direct();
      await on.sh(`ip netns del ${a}`);
      const end = await on.direct(DEL);
      await on.sh(`ip netns add ${a}`);
      return end;
    },
    'ok',
  ),
  played(
    ['D5', 'DEL where CNI_NETNS is empty', SPEC.del],
    (on) =>
      inTurn(
        () => on.direct(),
        () => on.direct({ ...DEL, env: { CNI_NETNS: '' } }),
      ),
    'ok, ok',
  ),
  played(
    ['D7', 'DEL gives the address back', SPEC.del],
    async (on, [, b = '', c = '']) => {
      const pool = '10.88.0.0/30';
      const end = await inTurn(
        () => on.direct({ pool }),
        () => on.direct({ pool, container: b }),
        () => on.direct({ pool, container: c }),
      );
      return `${end}, ${await inTurn(
        () => on.direct({ ...DEL, pool }),
        () => on.direct({ pool, container: c }),
      )}`;
    },
    'ok, ok, code 101, ok, ok',
    {
      reference: 'ok, code 999, code 999, ok, ok',
      why: 'host-local keeps the first address for a gateway; ours has its gateway outside the pool',
    },
  ),
  played(
    ['D8', 'thirty DELs at once', SPEC.del],
    async (on) => {
      const each = (line: string) => `for i in $(seq 30); do ${line} done`;
      const call = (op: string) =>
        `CNI_COMMAND=${op} CNI_CONTAINERID=y$$-$i CNI_NETNS=/run/netns/y$$-$i "$PLUGIN" < "$CONFIG" > /dev/null`;
      const line = [
        each('ip netns add y$$-$i;'),
        each(`${call('ADD')} &`),
        'wait',
        each(`(${call('DEL')} || echo bad) &`),
        'wait',
        each('ip netns del y$$-$i;'),
      ].join('\n');
      return `${await on.shell(line)}${await devices(on)}`;
    },
    '0',
  ),
  played(
    ['D9', 'DEL leaves the other container alone', SPEC.del],
    async (on, [a = '', b = '']) => {
      await inTurn(
        () => on.direct(),
        () => on.direct({ container: b }),
        () => on.direct(DEL),
      );
      return `${await on.has(a)}, ${await on.has(b)}`;
    },
    'false, true',
  ),
  played(
    ['D10', 'DEL in the name of another network', SPEC.del],
    async (on, [a = '']) => {
      await inTurn(
        () => on.direct(),
        () => on.direct({ ...DEL, config: { name: 'other' } }),
      );
      return `eth0 ${await on.has(a)}`;
    },
    'eth0 false',
    {
      note: 'CNI_IFNAME in CNI_NETNS is what DEL deletes, whatever the network; the reference does the same',
    },
  ),
  ...['', '{', '[]', 'null', '{}', '{"blocks":{}}', '{"blocks":5,"holders":{}}'].map((text, i) =>
    played(
      [`D11.${i}`, `DEL and ADD where the store is '${text}'`, GONE],
      withStore(text),
      'ok, ok, eth0 false',
      notAsked(OWN_STORE),
    ),
  ),
  played(
    ['D12', 'DEL where the store is gone', GONE],
    async (on, [a = '']) => {
      await on.direct();
      await on.sh(`rm -r /run/${on.netns}/data`);
      return `${await on.direct(DEL)}, eth0 ${await on.has(a)}`;
    },
    'ok, eth0 false',
  ),
  direct(
    ['D14', 'DEL with a configuration that is invalid', SPEC.error],
    { ...DEL, config: { name: '' } },
    'code 7',
    { note: 'without a name there is no network to delete from; the reference refuses too' },
  ),
  played(
    ['D15', 'cnitool add, check, status, del, add, gc', 'cnitool'],
    cnitool,
    'add 0, check 0, status 0, del 0, add 0, gc 1',
    {
      reference: 'add 0, check 0, status 0, del 0, add 0, gc 0',
      why: 'cnitool gives GC no list; ours takes a list that is missing for no answer, where the reference takes it for an empty one',
      note: 'cnitool gc of libcni 1.3 sends no cni.dev/valid-attachments, which the specification requires; libcni itself has called DEL for each before',
    },
  ),
  direct(
    ['D16', 'DEL with a namespace that is a file', SPEC.del],
    { ...DEL, env: { CNI_NETNS: '/etc/hostname' } },
    'code 4',
  ),
  direct(
    ['D17', "DEL with the plugin's own namespace", 'libcni, skel: ErrInvalidNetNS'],
    { ...DEL, env: { CNI_NETNS: '/proc/self/ns/net' } },
    'code 8',
  ),
  played(
    ['D18', 'DEL while the namespace is being removed', GONE],
    async (on, [a = '']) => {
      await on.direct();
      const end = await on.shell(
        'for i in 1 2 3 4 5; do CNI_COMMAND=ADD "$PLUGIN" < "$CONFIG" > /dev/null 2>&1; (ip netns del "$CNI_CONTAINERID" &) ; "$PLUGIN" < "$CONFIG" || echo bad; ip netns add "$CNI_CONTAINERID" 2>/dev/null; sleep 0.1; ip netns add "$CNI_CONTAINERID" 2>/dev/null; done; true',
        DEL,
      );
      return `${end}${await on.direct()}, eth0 ${await on.has(a)}`;
    },
    'ok, eth0 true',
    notAsked(
      'ptp fails where the file is there and its namespace is not any more: unknown FS magic',
    ),
  ),
  played(
    ['D19', 'CmdStatus, CmdAdd, CmdCheck, CmdDel of testutils', 'plugins, pkg/testutils'],
    async (on, [a = '']) => `${await on.call('TESTUTILS', a)}, eth0 ${await on.has(a)}`,
    'ok, eth0 false',
  ),
  ...['0.4.0', '1.0.0'].map((version, i) =>
    played(
      [`D19.${i}`, `a life by testutils in ${version}`, 'plugins, pkg/testutils'],
      (on, [a = '']) => on.call('TESTUTILS', a, { version }),
      'ok',
    ),
  ),
  played(
    ['D20', 'ADD killed at twelve moments, then DEL', SPEC.del],
    killed('ADD'),
    'eth0 false, ok, ok, 0',
  ),
  played(
    ['D21', 'DEL killed at twelve moments, then DEL', SPEC.del],
    killed('DEL'),
    'eth0 false, ok, ok, 0',
  ),
  played(
    ['D22', 'DEL where the host end has another name', SPEC.del],
    async (on, [a = '', b = '']) => {
      await on.call('ADD', a);
      const host = on.last().interfaces[0]?.name ?? '';
      await on.sh(`ip link set ${host} down; ip link set ${host} name other`);
      return `${await on.call('DEL', a)}, eth0 ${await on.has(a)}, next ${await on.call('ADD', b)}`;
    },
    'ok, eth0 false, next ok',
  ),
  played(
    ['D23', 'DEL where the host end is in another namespace', SPEC.del],
    async (on, [a = '', b = '']) => {
      await on.call('ADD', a);
      await on.sh(`ip link set ${on.last().interfaces[0]?.name} netns ${b}`);
      return `${await on.call('DEL', a)}, eth0 ${await on.has(a)}`;
    },
    'ok, eth0 false',
  ),
  played(
    ['D24', 'DEL of the second interface leaves the first', SPEC.del],
    async (on, [a = '', b = '']) => {
      await inTurn(
        () => on.call('ADD', a),
        () => on.call('ADD', b),
      );
      await on.sh(`ip -n ${a} link add net1 type bridge`);
      await on.call('DEL', a, { ifname: 'net2' });
      return `${await on.has(a)}, ${await on.has(a, 'net1')}, ${await on.reaches(b, await addressOf(on, a))}`;
    },
    'true, true, true',
  ),
];
