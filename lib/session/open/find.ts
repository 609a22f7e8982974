import { Failure } from '../../model/problem';
import { runningLab } from '../local/find';
import { runningLabs } from '../local/running';
import { nameOf, remoteLabs } from '../remote/known';
import type { RemoteLab } from '../types';

/** How a command names a lab that is up. */
export interface LabName {
  /** The lab's id, or its name in the account. */
  readonly lab?: string | undefined;
  /** The name that `--as` gave it when it was brought up. */
  readonly as?: string | undefined;
}

/**
 * The lab in a cluster that a command is about: the one named, or the only one where no lab runs on
 * this machine; `undefined` where the command is about a lab on this machine.
 *
 * @throws Failure `several-up` where several match, `nothing-up` where no lab was given that name
 */
export async function findRemote({ lab: named, as }: LabName): Promise<RemoteLab | undefined> {
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

/**
 * The id of the lab that a command is about, wherever it runs.
 * @throws Failure `nothing-up` or `several-up`
 */
export async function findLabId(name: LabName): Promise<string> {
  return (await findRemote(name))?.lab ?? (await runningLab(name.lab)).lab;
}

const severalUp = (found: readonly RemoteLab[]): Failure =>
  new Failure(
    'several-up',
    `several labs are up: ${found.map(nameOf).join(', ')}`,
    'name one by that whole name',
  );

const notHere = (lab: string | undefined, as: string): Failure =>
  new Failure(
    'nothing-up',
    `no lab was brought up from this machine as ${as}`,
    `from any machine: lab sweep ${lab ?? '<id>'} --as ${as} --region <region> --dry-run`,
  );
