import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Processes that carry the mark, as `pid command line`. */
export const marked = (mark: string): readonly string[] =>
  pids().flatMap((pid) => {
    const environment = readOr(`/proc/${pid}/environ`);
    if (!environment.includes(mark)) return [];
    return [`${pid} ${readOr(`/proc/${pid}/cmdline`).replaceAll('\0', ' ')}`];
  });

/** Every process of this machine. */
const pids = (): readonly string[] => readdirSync('/proc').filter((name) => /^\d+$/.test(name));

function readOr(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

/** Network namespaces that these processes stand in or hold a descriptor of. */
export const namespacesOf = (processes: readonly string[]): readonly string[] =>
  processes.flatMap((pid) =>
    [`/proc/${pid}/ns/net`, ...descriptors(pid)].flatMap((path) => {
      try {
        return readlinkSync(path).match(/^net:\[\d+\]$/) ?? [];
      } catch {
        return [];
      }
    }),
  );

function descriptors(pid: string): readonly string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).map((fd) => `/proc/${pid}/fd/${fd}`);
  } catch {
    return [];
  }
}

/** Names of the machine's own network devices. */
export const links = (): string => readFileSync('/proc/net/dev', 'utf8').replace(/:.*/g, '');

/** Waits until no marked process is left; answers those that are there after two seconds. */
export async function remains(mark: string): Promise<readonly string[]> {
  const deadline = Date.now() + 2000;
  for (;;) {
    const left = marked(mark);
    if (left.length === 0 || Date.now() > deadline) return left;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Waits this many milliseconds. */
export const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Processes that could still hold what a marked one held: all but other tests' sandboxes. The
 * kernel gives the number of a namespace that is gone to the next one made, and that may be theirs.
 */
export const suspects = (mark: string): readonly string[] =>
  pids().filter((pid) => {
    if (readOr(`/proc/${pid}/environ`).includes(mark)) return true;
    const isSandbox = /\bunshare\b/.test(readOr(`/proc/${pid}/cmdline`).split('\0')[0] ?? '');
    return !isSandbox && pidNamespace(pid) === pidNamespace('self');
  });

function pidNamespace(pid: string): string {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`);
  } catch {
    return '';
  }
}
