/** Why a sandbox could not be opened, and what the person can do about it. */
export interface Refusal {
  readonly why: string;
  readonly fix: string;
}

/** What can be seen of the machine from outside a sandbox. */
export interface Symptoms {
  /** What `unshare` said. */
  readonly words: string;
  readonly root: boolean;
  /** The text of a file below /proc, or `undefined` where there is none. */
  readonly read: (path: string) => string | undefined;
}

/** Names the switch that forbids user namespaces; the rules are tried from the most exact on. */
export function explainRefusal(symptoms: Symptoms): Refusal {
  const rule = RULES.find(({ applies }) => applies(symptoms));
  return rule ?? { why: `the kernel refused: ${symptoms.words}`, fix: ROOT };
}

const ROOT = 'run as root (sudo)';

const setting = (path: string, value: string) => (symptoms: Symptoms) =>
  symptoms.read(path)?.trim() === value;

const forbidden = ({ words }: Symptoms): boolean =>
  /not permitted|permission denied|EPERM|EACCES/i.test(words);

const filtered = (symptoms: Symptoms): boolean =>
  forbidden(symptoms) && /^Seccomp:\s*2$/m.test(symptoms.read('/proc/self/status') ?? '');

const CONTAINER =
  'start the container with --cap-add SYS_ADMIN --cap-add NET_ADMIN --security-opt seccomp=unconfined --security-opt apparmor=unconfined';

const RULES: readonly (Refusal & { readonly applies: (symptoms: Symptoms) => boolean })[] = [
  {
    applies: ({ words }) => /ENOENT/.test(words),
    why: 'the program unshare is missing',
    fix: 'apt-get install util-linux',
  },
  {
    applies: ({ words }) => /unrecognized option|invalid option/.test(words),
    why: 'the program unshare is too old (util-linux 2.32 has what is needed)',
    fix: 'upgrade util-linux',
  },
  {
    applies: setting('/proc/sys/user/max_user_namespaces', '0'),
    why: 'user namespaces are turned off (user.max_user_namespaces is 0)',
    fix: `sudo sysctl -w user.max_user_namespaces=15000, or ${ROOT}`,
  },
  {
    // Debian's own switch, since dropped.
    applies: (s) => !s.root && setting('/proc/sys/kernel/unprivileged_userns_clone', '0')(s),
    why: 'user namespaces are for root alone (kernel.unprivileged_userns_clone is 0)',
    fix: `sudo sysctl -w kernel.unprivileged_userns_clone=1, or ${ROOT}`,
  },
  {
    // In a container under its engine's filter, AppArmor's switch is not the first thing to change.
    applies: filtered,
    why: "this container's seccomp profile or capabilities forbid new namespaces",
    fix: CONTAINER,
  },
  {
    // Ubuntu 23.10 and later: the namespace is made, and every capability in it is taken away.
    applies: (s) => setting('/proc/sys/kernel/apparmor_restrict_unprivileged_userns', '1')(s),
    why: 'AppArmor restricts user namespaces (kernel.apparmor_restrict_unprivileged_userns is 1)',
    fix: `sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0, or ${ROOT}`,
  },
  {
    applies: (s) => s.root && forbidden(s),
    why: 'root lacks CAP_SYS_ADMIN or CAP_NET_ADMIN here',
    fix: CONTAINER,
  },
];
