import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Processes that carry the mark, as `pid command line`. */
export const marked = (mark: string): readonly string[] =>
  pids().flatMap((pid) => {
    const environment = readOr(`/proc/${pid}/environ`);
    if (!environment.includes(mark)) return [];
    return [`${pid} ${readOr(`/proc/${pid}/cmdline`).replaceAll('\0', ' ')}`];
  });

/** Every process of this machine. */
export const pids = (): readonly string[] =>
  readdirSync('/proc').filter((name) => /^\d+$/.test(name));

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
