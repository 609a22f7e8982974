import { mkdirSync, writeFileSync } from 'node:fs';
import type { Netns } from '../../dataplane/commands/command';
import type { Namespaces } from './namespaces';
import { type Finished, run, type SpawnOptions } from './spawn';

/** What the resolv.conf of each namespace says. */
export interface Resolvers {
  set(netns: Netns, resolvConf: string): void;
  remove(netns: Netns): void;
  /** The resolv.conf's text; `undefined` where none was set. */
  text(netns: Netns): string | undefined;
  /** A file with that text, to mount over /etc/resolv.conf; none where mounts are forbidden. */
  file(netns: Netns): string | undefined;
}

/** Keeps the texts, and writes a file only for who asks for one. */
export function createResolvers(mounts: 'mounted' | 'forbidden'): Resolvers {
  const texts = new Map<Netns, string>();
  const written = new Map<Netns, string>();
  let count = 0;
  return {
    set(netns, resolvConf) {
      texts.set(netns, resolvConf);
      written.delete(netns);
    },
    remove(netns) {
      texts.delete(netns);
      written.delete(netns);
    },
    text: (netns) => texts.get(netns),
    file(netns) {
      const text = texts.get(netns);
      const before = written.get(netns);
      if (mounts === 'forbidden' || text === undefined || before !== undefined) return before;
      count += 1;
      mkdirSync(FOLDER, { recursive: true });
      const path = `${FOLDER}/${count}`;
      writeFileSync(path, text);
      written.set(netns, path);
      return path;
    },
  };
}

// On the sandbox's own tmpfs: gone with it.
const FOLDER = '/run/lab/resolv.conf';

/** Runs a command inside a pod's network, with the pod's resolv.conf and not the machine's. */
export function execIn(
  { namespaces, resolvers }: { readonly namespaces: Namespaces; readonly resolvers: Resolvers },
  netns: Netns,
  work: { readonly argv: readonly string[]; readonly options: SpawnOptions },
): Promise<Finished> {
  const argv = withResolver(work.argv, resolvers.file(netns));
  return namespaces.enter(netns, () => run(argv, work.options));
}

/**
 * The command under a mount namespace of its own in which /etc/resolv.conf is the pod's; no value
 * meets the shell but as an argument.
 */
export const withResolver = (
  argv: readonly string[],
  resolvConf: string | undefined,
): readonly string[] =>
  resolvConf === undefined
    ? argv
    : ['unshare', '--mount', 'sh', '-c', MOUNT_AND_RUN, resolvConf, ...argv];

const MOUNT_AND_RUN = 'mount --bind "$0" /etc/resolv.conf && exec "$@"';
