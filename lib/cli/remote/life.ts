import { openAws } from '../../account/aws';
import { extendLab, type LabLife, lifeOf } from '../../account/life';
import { lifeText } from '../../account/life-text';
import { awsFailure } from '../aws-failure';
import { nameOf, type RemoteLab } from './known';

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
  const life = await inAccount(remote, (aws) => lifeOf(aws, nameOf(remote), new Date()));
  const name = nameOf(remote);
  const gone = `${name}: none of its stacks is in ${remote.region}; lab down ${name} --dry-run tells what is left`;
  return { remote, life, lines: life === undefined ? [gone] : lifeText(life) };
}

/** Moves the end of a lab on EKS; answers with the new end. */
export const extendRemote = (remote: RemoteLab, hours: number): Promise<string> =>
  inAccount(remote, (aws) => extendLab(aws, nameOf(remote), { hours, now: new Date() }));

async function inAccount<T>(
  { region }: RemoteLab,
  use: (aws: ReturnType<typeof openAws>) => Promise<T>,
): Promise<T> {
  const aws = openAws({ region });
  try {
    return await use(aws);
  } catch (error) {
    throw awsFailure(error);
  } finally {
    aws.close();
  }
}
