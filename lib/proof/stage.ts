import type { FlowChange } from '../model/change';
import { createEngine } from '../reach/engine';
import { diff } from '../reach/questions/diff';
import { applyManifests, enterStage, type WorldChange } from '../session/local/move';
import type { LocalSession, RunningLab } from '../session/types';
import { type Proof, prove } from './proof';

/** What a move of a lab changes, and the proof of what it shows afterwards. */
export interface StageProof {
  readonly changes: readonly FlowChange[];
  readonly proof: Proof;
}

/**
 * Moves a lab on this machine to a stage, and proves the whole matrix there with real packets.
 * @param applied what lies on top of it; what the learner applied, where absent
 */
export const proveStage = async (
  session: LocalSession,
  stage: string,
  applied?: RunningLab['applied'],
): Promise<StageProof> => proveChange(session, await enterStage(session, stage, applied));

/** Puts other manifests on top of the stage that is shown, and proves the whole matrix. */
export const proveManifests = async (
  session: LocalSession,
  applied: RunningLab['applied'],
): Promise<StageProof> => proveChange(session, await applyManifests(session, applied));

async function proveChange(
  { local }: LocalSession,
  { before, after }: WorldChange,
): Promise<StageProof> {
  const proof = await prove(local);
  const old = { world: before, engine: createEngine(before, { staged: 'as-written' }) };
  return { changes: diff(old, { world: after, engine: proof.engine }), proof };
}
