import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { PLUGIN_CAPABILITIES, type PluginCapability } from '../../lib/model/plugin-capability';
import { openSandbox, type Sandbox } from '../../lib/runtime/sandbox/sandbox';
import { describePackets, missingPrograms } from '../packets/kernel';

const source = (file: string): string => readFileSync(join(__dirname, 'learner', file), 'utf8');

/** One place of the learner's plugin that is wrong: who notices, and what is said. */
const BROKEN: readonly {
  readonly what: string;
  readonly from: string;
  readonly to: string;
  readonly does: PluginCapability;
  readonly saw: RegExp;
}[] = [
  {
    what: 'VERSION prints a text',
    from: `echo '{"cniVersion":"1.1.0","supportedVersions":["1.0.0","1.1.0"]}'`,
    to: 'echo 1.1.0',
    does: 'version',
    saw: /^it printed 1\.1\.0$/,
  },
  {
    what: 'an unknown command succeeds',
    from: `*) fail 4`,
    to: `*) echo`,
    does: 'version',
    saw: /^an unknown command ended with 0$/,
  },
  {
    what: 'errors go to standard error',
    from: `'{cniVersion:"1.1.0",code:$code,msg:$msg}'; exit 1`,
    to: `'{cniVersion:"1.1.0",code:$code,msg:$msg}' >&2; exit 1`,
    does: 'version',
    saw: /^an unknown command ended with 1/,
  },
  {
    what: 'the subnet is written into the plugin',
    from: 'subnet=$(get .subnet)',
    to: 'subnet=10.30.0.0/24',
    does: 'add',
    saw: /^the pod got 10\.30\.0\.1$/,
  },
  {
    what: 'the interface is always eth0',
    from: 'peer name "$CNI_IFNAME"',
    to: 'peer name eth0',
    does: 'add',
    saw: /^with CNI_IFNAME=net1 there is no net1$/,
  },
  {
    what: 'the pod has no default route',
    from: 'ip -n "$pod" route add default via 169.254.1.1 dev "$CNI_IFNAME" &&\n',
    to: '',
    does: 'add',
    saw: /^the pod has no default route$/,
  },
  {
    what: 'the host has no route to the pod',
    from: 'ip route replace "$1/32" dev "$cable"',
    to: 'true',
    does: 'add',
    saw: /^the host does not reach 10\.62\.7\.2$/,
  },
  {
    what: 'the result has no sandbox',
    from: '{name:$name,sandbox:$netns}',
    to: '{name:$name}',
    does: 'add',
    saw: /^interfaces: \[{"name":"eth0"}\]$/,
  },
  {
    what: 'progress is printed before the result',
    from: 'add() {',
    to: 'add() { echo connecting;',
    does: 'add',
    saw: /^standard output is not JSON$/,
  },
  {
    what: 'DEL keeps the address',
    from: '; forget "$me" ;;',
    to: '; true ;;',
    does: 'delete',
    saw: /^ADD after DEL ended with 1: /,
  },
  {
    what: 'DEL needs a namespace',
    from: 'DEL) open_leases;',
    to: 'DEL) [ -n "$CNI_NETNS" ] || fail 4 "no namespace"; open_leases;',
    does: 'delete',
    saw: /^DEL without a namespace ended with 1: /,
  },
  {
    what: 'CHECK looks at the interface alone',
    from: '|| fail 102 "$address is missing"',
    to: '',
    does: 'check',
    saw: /^CHECK where the address is another one ended with 0$/,
  },
  {
    what: 'GC frees everything',
    from: 'grep -qxF "$owner" <<<"$valid" ||',
    to: '',
    does: 'collect',
    saw: /^(an address of a valid pod was given again|ADD after GC ended with 1: )/,
  },
  {
    what: 'STATUS is always ready',
    from: `|| fail 50 'subnet is missing'`,
    to: '',
    does: 'status',
    saw: /^STATUS without a subnet in the configuration ended with [01]/,
  },
  {
    what: 'there is no lock',
    from: '; flock 9',
    to: '; sleep 0.2',
    does: 'parallel',
    saw: /^(20 pods at once got \d+ addresses|one of twenty ADDs ended with)/,
  },
];

/** Two plugins that were written by the text of cni-5-your-plugin alone, and the same one broken. */
describePackets(
  'the plugin of a learner',
  () => {
    let sandbox: Sandbox;
    const folder = mkdtempSync(join(tmpdir(), 'lab-learner-'));
    beforeAll(async () => {
      sandbox = await openSandbox({ mode: 'tied' });
      await sandbox.run([{ kind: 'add-netns', netns: 'host' }]);
      await sandbox.exec('host', ['ip', 'link', 'set', 'lo', 'up']);
      await sandbox.exec('host', ['ip', 'address', 'add', '10.9.0.10/32', 'dev', 'lo']);
    });
    afterAll(async () => {
      await sandbox.close();
      rmSync(folder, { recursive: true });
    });

    async function judged(does: PluginCapability, text: string) {
      const plugin = join(folder, 'my-plugin');
      writeFileSync(plugin, text);
      chmodSync(plugin, 0o755);
      const judge = resolve(__dirname, '../../bin/cni-judge');
      const { stdout, stderr } = await sandbox.exec('host', [judge, does, plugin]);
      if (stderr !== '') throw new Error(stderr);
      const { right, saw } = JSON.parse(stdout);
      return { right, saw };
    }

    test.each(
      ['plugin.sh', 'plugin.py'].flatMap((file) =>
        PLUGIN_CAPABILITIES.map((does) => [file, does] as const),
      ),
    )('%s: %s is right', async (file, does) => {
      expect(await judged(does, source(file))).toEqual({ right: true, saw: expect.any(String) });
    });

    test.each(BROKEN)('$what: $does is wrong', async ({ from, to, does, saw }) => {
      const text = source('plugin.sh');
      expect(text).toContain(from);
      expect(
        await judged(
          does,
          text.replace(from, () => to),
        ),
      ).toEqual({
        right: false,
        saw: expect.stringMatching(saw),
      });
    });
  },
  missingPrograms('ip', 'bash', 'jq', 'python3'),
);
