import type { LabProgress } from '../../lab/progress';
import type { DrawnStart } from '../../session/drawn';
import { beginLocal } from '../../session/local/begin';
import { lackingFor, lackingPrograms } from '../../session/needs';
import { EXIT } from './exit';
import { installNeeds } from './install';
import type { Terminal } from './terminal';

/**
 * Starts a lab on this machine and answers with the progress in it. Ctrl-C ends the half-made lab, and the
 * process with exit code 130.
 * @param hours after which it ends by itself
 */
export async function startHere(
  terminal: Terminal,
  drawn: DrawnStart,
  hours: number,
): Promise<LabProgress | undefined> {
  const { lab } = drawn;
  const lacking = lackingFor(lab);
  if (lacking !== undefined && !(await installNeeds(terminal, lackingPrograms(lab)))) throw lacking;
  const started = performance.now();
  const progress = await interruptible(drawn, Date.now() + hours * 3_600_000);
  terminal.err(`${lab.title}: up in ${((performance.now() - started) / 1000).toFixed(1)} s`);
  return progress;
}

async function interruptible(
  drawn: DrawnStart,
  expiresAt: number,
): Promise<LabProgress | undefined> {
  let interrupt: (() => void) | undefined;
  const onOpen = (end: () => Promise<void>): void => {
    interrupt = () => void end().finally(() => process.exit(EXIT.interrupted));
    process.once('SIGINT', interrupt);
  };
  const progress = await beginLocal(drawn, { expiresAt, onOpen });
  if (interrupt !== undefined) process.off('SIGINT', interrupt);
  return progress;
}
