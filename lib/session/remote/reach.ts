import { connect } from 'node:net';
import type { Clock } from '../../model/clock';
import { Failure } from '../../model/problem';
import { type Cluster, statusOf, wordsOf } from '../../targets/cluster/cluster';
import { type Poll, poll } from '../../targets/cluster/poll';
import type { RemoteLab } from '../types';
import { nameOf } from './known';

/** Longest that an API server in another part of the world takes to accept a connection. */
const PATIENCE_MS = 10_000;

/**
 * Says at once that a cluster cannot be reached, before minutes are spent on asking it again: the
 * usual reason is that one's own address is another one today.
 *
 * @throws Failure `cluster-silent` with what to type.
 */
export async function expectAnswer({ config }: Cluster, remote: RemoteLab): Promise<void> {
  const server = config.getCurrentCluster()?.server ?? '';
  const reason = await whyClosed(new URL(server));
  if (reason === undefined) return;
  const problem = `the cluster of ${nameOf(remote)} does not answer at ${server}: ${reason}`;
  throw new Failure('cluster-silent', problem, fixFor(remote));
}

/**
 * Waits until the cluster admits the caller: an access entry takes effect some seconds after it was
 * made (EKS user guide, access entries).
 *
 * @throws Failure `not-admitted` where it answers 401 until the deadline, `not-allowed` at 403.
 */
export async function expectAdmission(
  { api }: Cluster,
  remote: RemoteLab,
  { clock, deadlineMs }: { readonly clock: Clock; readonly deadlineMs: number },
): Promise<void> {
  const metadata = { name: 'kube-system' };
  const ask = async (): Promise<Poll<void>> => {
    try {
      await api.read({ apiVersion: 'v1', kind: 'Namespace', metadata });
      return { kind: 'done', value: undefined };
    } catch (error) {
      if (statusOf(error) === 403) throw notAllowed(remote, wordsOf(error));
      if (statusOf(error) !== 401) throw error;
      return { kind: 'waiting', for: 'the access entry to take effect' };
    }
  };
  const answer = await poll(ask, { clock, deadlineMs });
  if (answer.kind === 'waiting') throw notAdmitted(remote);
}

const notAdmitted = (remote: RemoteLab): Failure =>
  new Failure(
    'not-admitted',
    `the cluster of ${nameOf(remote)} answers 401 Unauthorized: it has no access entry for your identity`,
    remote.target === 'kind'
      ? 'lab down, then lab up: the cluster was replaced since'
      : `sign in with the identity that brought it up, or admit yours: ${upAgain(remote)}`,
  );

const notAllowed = (remote: RemoteLab, said: string): Failure =>
  new Failure(
    'not-allowed',
    `the cluster of ${nameOf(remote)} admits your identity and allows it too little: ${said}`,
    'lab needs the access policy AmazonEKSClusterAdminPolicy for the whole cluster',
  );

const upAgain = ({ lab, as }: RemoteLab): string =>
  `lab up ${lab} --target eks${as === undefined ? '' : ` --as ${as}`} --allowed-cidrs "$(curl -s https://checkip.amazonaws.com)/32"`;

function fixFor(remote: RemoteLab): string {
  if (remote.target === 'kind')
    return 'run docker ps to see whether its containers run; otherwise lab down, then lab up';
  return `it admits the addresses given to lab up; if your address has changed since: ${upAgain(remote)}`;
}

/** Why no connection is accepted there, or nothing where one is. */
const whyClosed = ({ hostname, port }: URL): Promise<string | undefined> =>
  new Promise((done) => {
    const socket = connect({ host: hostname, port: Number(port || 443), timeout: PATIENCE_MS });
    const end = (reason: string | undefined): void => {
      socket.destroy();
      done(reason);
    };
    socket.once('connect', () => end(undefined));
    socket.once('timeout', () => end(`nothing came back within ${PATIENCE_MS / 1000} seconds`));
    socket.once('error', (error) => end(error.message));
  });
