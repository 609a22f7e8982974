import { SUPPORTED_VERSIONS } from './call';
import { CniError } from './cni-error';

/** How a call of the plugin ended: what goes to standard output, and the exit code. */
export interface Ended {
  readonly exitCode: 0 | 1;
  readonly stdout: string;
}

/** A call that did what was asked; ADD and VERSION have an answer. */
export const succeeded = (answer: object | undefined): Ended => ({
  exitCode: 0,
  stdout: answer === undefined ? '' : `${JSON.stringify(answer)}\n`,
});

/** What a runtime reads of an error; anything but a `CniError` is thrown on. */
export function failed(error: unknown, stdin: string): Ended {
  if (!(error instanceof CniError)) throw error;
  const { code, msg, details } = error;
  const said = { cniVersion: versionIn(stdin), code, msg, details };
  return { exitCode: 1, stdout: `${JSON.stringify(said)}\n` };
}

function versionIn(stdin: string): string {
  const version = /"cniVersion"\s*:\s*"([^"]*)"/.exec(stdin)?.[1] ?? '';
  return (SUPPORTED_VERSIONS as readonly string[]).includes(version) ? version : '1.1.0';
}
