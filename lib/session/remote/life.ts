import { extendLab, type LabLife, lifeOf } from '../../account/deploy/life';
import { lifeText } from '../../account/deploy/life-text';
import type { RemoteLab } from '../types';
import { withAws } from './account';
import { nameOf } from './known';

/** How a lab in a cluster is, a line each, and as data. */
export interface RemoteLife {
  readonly remote: RemoteLab;
  readonly life: LabLife | undefined;
  readonly lines: readonly string[];
}

/** Asks the account how a lab on EKS is; of a kind cluster only that it was brought up. */
export async function remoteLife(remote: RemoteLab): Promise<RemoteLife> {
  if (remote.target === 'kind') {
    const lines = [`${remote.lab}: up on kind, stage ${remote.stage}, costs nothing`];
    return { remote, life: undefined, lines };
  }
  const life = await withAws(remote, (aws) => lifeOf(aws, nameOf(remote), new Date()));
  const name = nameOf(remote);
  const gone = `${name} has no stacks in ${remote.region}; lab down ${name} --dry-run lists what is left`;
  return { remote, life, lines: life === undefined ? [gone] : lifeText(life) };
}

/** Moves the end of a lab on EKS; answers with the new end. */
export const extendRemote = (remote: RemoteLab, hours: number): Promise<string> =>
  withAws(remote, (aws) => extendLab(aws, nameOf(remote), { hours, now: new Date() }));
