import { openSandbox, type Sandbox } from '../runtime/sandbox';
import { EXIT } from './exit';

/**
 * Opens a sandbox that ends with this process, uses it, and ends it, whatever happens. Ctrl-C ends
 * it too, and the process with exit code 130.
 */
export async function inSandbox<T>(use: (sandbox: Sandbox) => Promise<T>): Promise<T> {
  const opening = openSandbox({ mode: 'tied' });
  const interrupt = (): void => {
    const ended = opening.then((sandbox) => sandbox.end());
    ended.catch(() => undefined).then(() => process.exit(EXIT.interrupted));
  };
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  const sandbox = await opening;
  try {
    return await use(sandbox);
  } finally {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
    await sandbox.end();
  }
}
