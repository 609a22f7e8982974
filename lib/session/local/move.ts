import type { World } from '../../model/world';
import { datapathAt, stageWorld } from '../lab-world';
import { record } from '../learner';
import type { LocalSession, RunningLab } from '../types';
import { noteOf } from './running';

/** The worlds that a lab showed before and after a move. */
export interface WorldChange {
  readonly before: World;
  readonly after: World;
}

/**
 * Moves a lab on this machine to a stage of its own. What the learner applied stays on top of it,
 * unless said otherwise.
 */
export async function enterStage(
  { lab, running, local }: LocalSession,
  stage: string,
  applied: RunningLab['applied'] = running.applied,
): Promise<WorldChange> {
  const before = local.world();
  const note = noteOf({ ...running, stage, applied });
  const after = stageWorld(lab, stage, { applied });
  await local.moveTo(after, { datapath: datapathAt(lab, stage), note });
  record(lab.id, { kind: 'stage-entered', stage });
  return { before, after };
}

/**
 * Puts other manifests on top of the stage that a lab on this machine shows. They are read before
 * anything moves: a broken file changes nothing.
 */
export async function applyManifests(
  { lab, running, local }: LocalSession,
  applied: RunningLab['applied'],
): Promise<WorldChange> {
  const before = local.world();
  const after = stageWorld(lab, running.stage, { applied });
  await local.moveTo(after, { note: noteOf({ ...running, applied }) });
  return { before, after };
}
