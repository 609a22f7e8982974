/** How often it is looked whether the parent is still there, in milliseconds. */
const EVERY_MS = 1000;

/**
 * Resolves when this process should end: at Ctrl-C, SIGTERM or SIGHUP, or when the process that started it is
 * gone and its terminal with it. Answers why.
 */
export function untilEnd(): Promise<string> {
  const parent = process.ppid;
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      if (process.ppid !== parent) end('the process that started it is gone');
    }, EVERY_MS);
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
    const end = (why: string): void => {
      clearInterval(timer);
      resolve(why);
    };
    for (const signal of signals) process.once(signal, () => end(signal));
  });
}
