import { openSandbox, type Sandbox } from '../../runtime/sandbox/sandbox';
import { EXIT } from './exit';

/**
 * Opens a sandbox that ends with this process, uses it, and ends it, whatever happens. Ctrl-C ends
 * it too, and the process with exit code 130.
 */
export async function withSandbox<T>(use: (sandbox: Sandbox) => Promise<T>): Promise<T> {
  // Heard before anything is started: a Ctrl-C in between must not pass unnoticed.
  let opening: Promise<Sandbox> | undefined;
  const interrupt = (): void => {
    const ended = opening?.then((sandbox) => sandbox.end());
    Promise.resolve(ended)
      .catch(() => undefined)
      .then(() => process.exit(EXIT.interrupted));
  };
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  opening = openSandbox({ mode: 'tied' });
  const sandbox = await opening;
  try {
    return await use(sandbox);
  } finally {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
    await sandbox.end();
  }
}
