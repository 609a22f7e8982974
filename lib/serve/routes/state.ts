import { createHash } from 'node:crypto';
import { version } from '../../../package.json';
import { shownStage } from '../../lab/fault';
import { Failure, type SourceFile } from '../../model/problem';
import { findLab } from '../../session/catalogue';
import { allProgress } from '../../session/learner';
import { labRunning, labsWithSocket } from '../../session/local/running';
import type { RunningLab } from '../../session/types';
import type { BookState, LabUp } from '../api/shapes';
import type { OwnedLabs } from './owned';
import type { LabTurns } from './turns';

/** What the state of the book is read from. */
export interface StateSources {
  readonly folder: string;
  readonly owned: OwnedLabs;
  readonly turns: LabTurns;
}

/** What all pages show of this machine now. */
export async function bookState({ folder, owned, turns }: StateSources): Promise<BookState> {
  const asked = await Promise.all(labsWithSocket().map(answerOf));
  return {
    version,
    folder,
    up: asked.flatMap(({ running }) => running.map((one) => labUp(one, owned))),
    silent: asked.flatMap(({ lab, isSilent }) => (isSilent ? [lab] : [])),
    progress: allProgress(),
    busy: turns.busy(),
  };
}

interface LabAnswer {
  readonly lab: string;
  readonly running: readonly RunningLab[];
  readonly isSilent: boolean;
}

/** One lab that does not answer must not hide the others. */
async function answerOf(lab: string): Promise<LabAnswer> {
  try {
    return { lab, running: await labRunning(lab), isSilent: false };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { lab, running: [], isSilent: true };
  }
}

const digestOf = (files: readonly SourceFile[]): string =>
  createHash('sha256').update(JSON.stringify(files)).digest('hex').slice(0, 16);

/** A running lab as pages show it; a drawn fault's own name stays hidden. */
export function labUp(running: RunningLab, owned: OwnedLabs): LabUp {
  const { lab, target, stage, startedAt, expiresAt, applied } = running;
  return {
    lab,
    target,
    stage,
    shownStage: stage === '' ? '' : shownStage(findLab(lab), stage),
    startedAt,
    expiresAt,
    applied: applied.map(({ path }) => path),
    appliedAs: applied.length === 0 ? '' : digestOf(applied),
    endsWithServer: owned.endsWithServer(lab, startedAt),
  };
}
