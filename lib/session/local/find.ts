import { Failure } from '../../model/problem';
import type { RunningLab } from '../types';
import { labRunning, runningLabs } from './running';

/**
 * The lab on this machine that a command is about: the one named, or the only one.
 * @throws Failure `nothing-up` or `several-up`
 */
export async function runningLab(named: string | undefined): Promise<RunningLab> {
  const found = named === undefined ? await runningLabs() : await labRunning(named);
  const [first, second] = found;
  if (first === undefined) {
    const what = named === undefined ? 'no lab is up' : `lab ${named} is not up`;
    throw new Failure('nothing-up', what, `lab up ${named ?? '<id>'}   (lab list shows them all)`);
  }
  if (second !== undefined) {
    const ids = found.map(({ lab }) => lab).join(', ');
    throw new Failure('several-up', `several labs are up: ${ids}`, 'name one with --lab <id>');
  }
  return first;
}
