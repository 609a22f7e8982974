import { runChecks } from '../../checks/run';
import { settledChecks } from '../../checks/settle';
import { localTarget } from '../../targets/local/target';
import { tryLines } from '../../targets/machines/bring-up';
import { machinesTarget } from '../../targets/machines/target';
import { labNames } from '../lab-world';
import { enterStage } from '../local/move';
import { type AttachedLab, sessionOf, withAttachedLab } from '../local/open';
import type { UpLab } from '../types';
import { findRemote, type LabName } from './find';

/**
 * Opens the lab that is up, wherever it runs: the one named, or the only one. Uses it, and lets go.
 * @throws Failure `nothing-up` or `several-up`
 */
export async function withUpLab<T>(name: LabName, use: (up: UpLab) => Promise<T>): Promise<T> {
  const remote = await findRemote(name);
  if (remote !== undefined) return loadRemote().withRemoteLab(remote, use);
  return withUpHere(name.lab, use);
}

/**
 * Opens a lab that is up on this machine, uses it, and lets go.
 * @param named the lab's id; the only lab that is up where absent
 * @throws Failure `nothing-up` or `several-up`
 */
export const withUpHere = <T>(
  named: string | undefined,
  use: (up: UpLab) => Promise<T>,
): Promise<T> =>
  withAttachedLab(named, async (attached) =>
    use(attached.lab.environment.kind === 'linux' ? onMachines(attached) : inCluster(attached)),
  );

/** The clients of AWS and Kubernetes are loaded by labs that need them: the others start fast. */
const loadRemote = () => require('../remote/cluster') as typeof import('../remote/cluster');

function inCluster(attached: AttachedLab): UpLab {
  const session = sessionOf(attached);
  const { lab, local } = session;
  const target = localTarget(local, labNames(lab));
  return {
    lab,
    check: (checks, progress) => settledChecks(checks, { target, progress }),
    solve: async (solution, { clear = false } = {}) => {
      if (solution.kind !== 'stage') return { kind: 'answers' };
      await enterStage(session, solution.stage, clear ? [] : undefined);
      return { kind: 'stage', stage: solution.stage, local };
    },
  };
}

function onMachines({ lab, sandbox }: AttachedLab): UpLab {
  const target = machinesTarget(lab, sandbox);
  return {
    lab,
    check: (checks, progress) => runChecks(checks, { target, progress }),
    solve: async (solution) => {
      if (solution.kind !== 'commands') return { kind: 'answers' };
      return { kind: 'commands', lines: await tryLines(sandbox, solution.commands) };
    },
  };
}
