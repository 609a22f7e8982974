import { explainRefusal } from '../../../lib/runtime/sandbox/refusal';

const denied = 'unshare: write failed /proc/self/uid_map: Operation not permitted';
const apparmor = { '/proc/sys/kernel/apparmor_restrict_unprivileged_userns': '1\n' };
const filtered = { '/proc/self/status': 'Name:\tnode\nSeccomp:\t2\nSeccomp_filters:\t1\n' };
const debian = { '/proc/sys/kernel/unprivileged_userns_clone': '0\n' };
const none = { '/proc/sys/user/max_user_namespaces': '0\n' };

describe('why a sandbox was refused, and what to do', () => {
  test.each`
    words                              | root     | files                           | why                                                                                         | fix
    ${'unshare: spawn ENOENT'}         | ${false} | ${{}}                           | ${'the program unshare is missing'}                                                         | ${'apt-get install util-linux'}
    ${'unrecognized option'}           | ${false} | ${{}}                           | ${'the program unshare is too old (util-linux 2.32 has what is needed)'}                    | ${'upgrade util-linux'}
    ${'No space left on device'}       | ${false} | ${none}                         | ${'user namespaces are turned off (user.max_user_namespaces is 0)'}                         | ${'sudo sysctl -w user.max_user_namespaces=15000, or run as root (sudo)'}
    ${denied}                          | ${false} | ${debian}                       | ${'user namespaces are for root alone (kernel.unprivileged_userns_clone is 0)'}             | ${'sudo sysctl -w kernel.unprivileged_userns_clone=1, or run as root (sudo)'}
    ${denied}                          | ${false} | ${apparmor}                     | ${'AppArmor restricts user namespaces (kernel.apparmor_restrict_unprivileged_userns is 1)'} | ${'sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0, or run as root (sudo)'}
    ${'unshare: EPERM'}                | ${true}  | ${{ ...apparmor, ...filtered }} | ${"this container's seccomp profile or capabilities forbid new namespaces"}                 | ${expect.stringContaining('--cap-add SYS_ADMIN')}
    ${denied}                          | ${true}  | ${{}}                           | ${'root lacks CAP_SYS_ADMIN or CAP_NET_ADMIN here'}                                         | ${expect.stringContaining('--cap-add NET_ADMIN')}
    ${'unshare: something unheard of'} | ${false} | ${{}}                           | ${'the kernel refused: unshare: something unheard of'}                                      | ${'run as root (sudo)'}
  `('$words, root: $root', ({ words, root, files, why, fix }) => {
    const read = (path: string): string | undefined => files[path];
    const { why: said, fix: offered } = explainRefusal({ words, root, read });
    expect({ said, offered }).toEqual({ said: why, offered: fix });
  });
});
