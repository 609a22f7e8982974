import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { modeOf } from '../../../lib/runtime/doctor/capability';
import { examine } from '../../../lib/runtime/doctor/doctor';
import { SEARCH_PATH } from '../../../lib/runtime/kernel/spawn';
import { describePackets, findProgram } from '../kernel';

interface Examined {
  readonly mode: string;
  readonly missing: Readonly<Record<string, string>>;
}

/** Examines a machine that a script has taken something from; it is a namespace of ours. */
function examineAfter(script: string): Examined {
  const client = [
    process.execPath,
    '--require',
    require.resolve('tsx/cjs'),
    join(__dirname, 'examine.ts'),
  ];
  const flags = ['--user', '--map-root-user', '--mount', '--pid', '--fork', '--kill-child'];
  const { stdout, stderr } = spawnSync('unshare', [...flags, 'sh', '-c', script, 'sh', ...client], {
    encoding: 'utf8',
    env: { ...process.env, PATH: SEARCH_PATH, NODE_OPTIONS: '', CI: '' },
  });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout);
}

describePackets('what the doctor finds', () => {
  test('this machine can', async () => {
    const capabilities = await examine();
    const needed = capabilities.filter(({ needed }) => needed === 'always');
    expect(needed.map(({ id, kind }) => [id, kind])).toEqual([
      ['sandbox', 'ok'],
      ['nftables', 'ok'],
      ['conntrack', 'ok'],
      ['veth', 'ok'],
    ]);
    expect(modeOf(capabilities)).not.toBe('none');
  });

  test('nft is missing: no labs here, and what to install', () => {
    const { mode, missing } = examineAfter(
      `mount --bind /dev/null ${findProgram('nft')} && exec "$@"`,
    );
    expect({ mode, nftables: missing.nftables }).toEqual({
      mode: 'none',
      nftables: 'nft cannot be started (spawn nft EACCES) | apt-get install nftables',
    });
  });

  test('no new user namespaces: root does without', () => {
    const { mode, missing } = examineAfter(
      'echo 0 >/proc/sys/user/max_user_namespaces && exec "$@"',
    );
    expect({ mode, missing: missing['user-namespaces'] }).toEqual({
      mode: 'root',
      missing: 'refused, so labs run as root | nothing to do as root',
    });
  });

  test('nothing at all may be made: why, and which switch', () => {
    const script =
      'echo 0 >/proc/sys/user/max_user_namespaces && exec setpriv --bounding-set=-sys_admin "$@"';
    const { mode, missing } = examineAfter(script);
    const reason = 'user namespaces are turned off (user.max_user_namespaces is 0)';
    const fix = 'sudo sysctl -w user.max_user_namespaces=15000, or run as root (sudo)';
    expect({ mode, sandbox: missing.sandbox, veth: missing.veth }).toEqual({
      mode: 'none',
      sandbox: `${reason} | ${fix}`,
      veth: `not tried: there is no sandbox | ${fix}`,
    });
  });

  test('/proc/sys is read-only: named, and labs run', () => {
    const seal =
      'mount -t proc proc /proc && mount --bind /proc/sys /proc/sys && mount -o remount,bind,ro /proc/sys && exec "$@"';
    const { mode, missing } = examineAfter(seal);
    expect({ mode, sysctl: missing.sysctl }).toEqual({
      mode: 'rootless',
      sysctl: expect.stringContaining('EROFS'),
    });
  });
});
