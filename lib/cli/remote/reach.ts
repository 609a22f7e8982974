import { connect } from 'node:net';
import type { Cluster } from '../../cluster/cluster';
import { Failure } from '../../model/problem';
import { nameOf, type RemoteLab } from './known';

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

function fixFor({ lab, as, target }: RemoteLab): string {
  if (target === 'kind') return 'docker ps tells whether its containers run; else lab down, lab up';
  const named = as === undefined ? '' : ` --as ${as}`;
  const you = '"$(curl -s https://checkip.amazonaws.com)/32"';
  return `it lets in who was named at lab up; if your address is another one now: lab up ${lab} --target eks${named} --allowed-cidrs ${you}`;
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
