import { attachSandbox, killSandbox } from '../../runtime/sandbox/sandbox';
import type { RunningLab } from '../types';
import { socketOf } from './running';

/** Ends a lab on this machine. Its one process holds all namespaces, links and files of it. */
export async function endLocal({ lab }: RunningLab): Promise<void> {
  const sandbox = await attachSandbox(socketOf(lab));
  await sandbox.end();
}

/**
 * Ends a lab on this machine that does not answer, by its id alone.
 * @throws Failure `not-running`
 */
export const killLocal = (lab: string): Promise<void> => killSandbox(socketOf(lab));

/**
 * Moves the hour at which a lab on this machine ends by itself.
 * @returns the new hour, ISO 8601
 */
export async function extendLocal(running: RunningLab, hours: number): Promise<string> {
  const until = Date.parse(running.expiresAt) + hours * 3_600_000;
  const sandbox = await attachSandbox(socketOf(running.lab));
  await sandbox.extend(until);
  await sandbox.close();
  return new Date(until).toISOString();
}
