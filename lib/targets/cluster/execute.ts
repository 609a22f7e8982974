import { Writable } from 'node:stream';
import { Exec, type V1Status } from '@kubernetes/client-node';
import type { Cluster } from './cluster';

/** Where a command runs. */
export interface PodRef {
  readonly namespace: string;
  readonly name: string;
  readonly container: string;
}

/** How a command in a pod ended. */
export interface PodCommandResult {
  /** 0 to 255; -1 where the container could not start it: `stderr` then has the runtime's reason. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command inside a pod, as `kubectl exec` does; rejects where no such pod can be reached. */
export async function execute(
  { config }: Cluster,
  pod: PodRef,
  command: readonly string[],
): Promise<PodCommandResult> {
  const stdout = sink();
  const stderr = sink();
  const exec = new Exec(config);
  const status = await new Promise<V1Status>((resolve, reject) => {
    const { namespace, name, container } = pod;
    exec
      .exec(namespace, name, container, [...command], stdout, stderr, null, false, resolve)
      .then((socket) => {
        socket.addEventListener('error', (event: { readonly message: string }) =>
          reject(new Error(event.message)),
        );
        // The status comes before the close; where it does not, the connection was cut.
        socket.addEventListener('close', () => {
          setImmediate(() => reject(new Error(`the connection to ${namespace}/${name} was cut`)));
        });
      }, reject);
  });
  const exitCode = exitCodeOf(status);
  const said = exitCode === -1 ? `${stderr.text()}${status.message ?? ''}` : stderr.text();
  return { exitCode, stdout: stdout.text(), stderr: said };
}

/** `Success`, or a failure with a cause `ExitCode` (Kubernetes: remotecommand status). */
function exitCodeOf({ status, details }: V1Status): number {
  if (status === 'Success') return 0;
  const cause = details?.causes?.find(({ reason }) => reason === 'ExitCode');
  return cause?.message === undefined ? -1 : Number(cause.message);
}

function sink(): Writable & { text(): string } {
  const parts: Buffer[] = [];
  const stream = new Writable({
    write(part: Buffer, _encoding, done) {
      parts.push(Buffer.from(part));
      done();
    },
  });
  return Object.assign(stream, { text: () => Buffer.concat(parts).toString() });
}
