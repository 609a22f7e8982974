import { type Env, SUPPORTED_VERSIONS } from './call';
import { CniError, UNEXPECTED } from './error';
import { fieldOf, isObject } from './fields';

/** How a call of the plugin ended: what goes to standard output, and the exit code. */
export interface PluginExit {
  readonly exitCode: 0 | 1;
  readonly stdout: string;
}

/** A call that did what was asked; ADD and VERSION have an answer. */
export const succeeded = (answer: object | undefined): PluginExit => ({
  exitCode: 0,
  stdout: answer === undefined ? '' : `${JSON.stringify(answer)}\n`,
});

/** What a runtime reads of an error: JSON with a code of the specification, in every misfortune. */
export function failed(error: unknown, stdin: string): PluginExit {
  const { code, msg, details } = error instanceof CniError ? error : unexpected(error);
  const said = { cniVersion: versionIn(stdin), code, msg, details };
  return { exitCode: 1, stdout: `${JSON.stringify(said)}\n` };
}

/** Files that cannot be read or written have a code of the specification: 5. */
function unexpected(error: unknown): CniError {
  const { code, syscall, message } = (error ?? {}) as NodeJS.ErrnoException;
  if (code !== undefined && syscall !== undefined) {
    return new CniError(5, 'input or output failed', message);
  }
  return new CniError(UNEXPECTED, 'unexpected failure', String(message ?? error));
}

/** The version that the configuration speaks; the latest where it has none that is supported. */
function versionIn(stdin: string): string {
  try {
    const config: unknown = JSON.parse(stdin);
    const version = isObject(config) ? fieldOf(config, 'cniVersion') : undefined;
    const isKnown = (SUPPORTED_VERSIONS as readonly unknown[]).includes(version);
    return isKnown ? String(version) : '1.1.0';
  } catch {
    return '1.1.0';
  }
}

/** The call that takes back what an ADD made whose result could not be printed. */
export const undoOf = (env: Env): Env | undefined =>
  env.CNI_COMMAND === 'ADD' ? { ...env, CNI_COMMAND: 'DEL' } : undefined;
