import { type RemoteLab, remoteLabs } from './remote/known';
import { runningLabs } from './running';

/**
 * The lab in a cluster that a command is about: the one named, or the only one where none runs here.
 */
export async function remoteNamed(named: string | undefined): Promise<RemoteLab | undefined> {
  const all = remoteLabs();
  if (named !== undefined) return all.find(({ lab }) => lab === named);
  return all.length === 1 && (await runningLabs()).length === 0 ? all[0] : undefined;
}
