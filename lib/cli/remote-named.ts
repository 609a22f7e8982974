import { Failure } from '../model/problem';
import { nameOf, type RemoteLab, remoteLabs } from './remote/known';
import { runningLabs } from './running';

/**
 * The lab in a cluster that a command is about: the one named, by its id or by its name in the
 * account, with `--as` the one brought up so, or the only one where none runs here.
 * @throws Failure `several-up` where that is several, `nothing-up` where no lab was given that name.
 */
export async function remoteNamed(
  named: string | undefined,
  as?: string,
): Promise<RemoteLab | undefined> {
  const all = remoteLabs();
  if (named === undefined && as === undefined) {
    return all.length === 1 && (await runningLabs()).length === 0 ? all[0] : undefined;
  }
  const exact = all.find((one) => as === undefined && nameOf(one) === named);
  if (exact !== undefined) return exact;
  const found = all.filter(
    (one) => (named ?? one.lab) === one.lab && (as === undefined || one.as === as),
  );
  if (found.length > 1) throw severalUp(found);
  if (found[0] === undefined && as !== undefined) throw notHere(named, as);
  return found[0];
}

const severalUp = (found: readonly RemoteLab[]): Failure =>
  new Failure(
    'several-up',
    `several labs are up: ${found.map(nameOf).join(', ')}`,
    'say which one by that whole name',
  );

const notHere = (lab: string | undefined, as: string): Failure =>
  new Failure(
    'nothing-up',
    `no lab was brought up from this machine as ${as}`,
    `from any machine: lab sweep ${lab ?? '<id>'} --as ${as} --region <region> --dry-run`,
  );
