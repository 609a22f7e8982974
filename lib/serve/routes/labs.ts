import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { labs } from '../../../labs';
import { currentStep, labState } from '../../lab/progress';
import { lint } from '../../lint/lint';
import { Failure } from '../../model/problem';
import { findLab } from '../../session/catalogue';
import { drawnLab } from '../../session/drawn';
import { stageSnapshot, stageSources } from '../../session/lab-world';
import { allProgress, progressIn } from '../../session/learner';
import { labRows } from '../../session/list';
import { withLocalSession } from '../../session/local/open';
import { labRunning } from '../../session/local/running';
import type { ListedLab } from '../api/shapes';
import { object, optional, text } from './fields';
import { kernelOf, placesOf } from './places';
import { bookState, labUp } from './state';
import type { ValueHandlers } from './types';

const LABS = join(__dirname, '..', '..', '..', 'labs');

const nothing = object({});

type LabRoutes = Pick<
  ValueHandlers,
  | 'GET api/state'
  | 'GET api/labs'
  | 'GET api/labs/:lab'
  | 'GET api/labs/:lab/objects'
  | 'GET api/labs/:lab/places'
  | 'GET api/labs/:lab/kernel'
  | 'GET api/labs/:lab/lint'
>;

/** What there is to see: no route of these changes anything. */
export const labRoutes: LabRoutes = {
  'GET api/state': { read: nothing, answer: ({ context }) => bookState(context) },

  'GET api/labs': {
    read: nothing,
    answer: async ({ context }): Promise<readonly ListedLab[]> => {
      const { up } = await bookState(context);
      const progress = allProgress();
      return labRows(new Set(up.map(({ lab }) => lab))).map((row, i) => ({
        ...row,
        goal: labs[i]?.goal ?? '',
        prerequisites: labs[i]?.prerequisites ?? [],
        progress: progress[row.id] ?? null,
      }));
    },
  },

  'GET api/labs/:lab': {
    read: nothing,
    answer: async ({ lab: id, context }) => {
      const lab = drawnLab(id);
      const progress = progressIn(id);
      const [running] = await labRunning(id);
      return {
        lab,
        text: readFileSync(join(LABS, lab.id, 'README.md'), 'utf8'),
        state: running === undefined ? labState(lab, progress) : 'up',
        progress: progress ?? null,
        step: currentStep(lab, progress)?.id ?? null,
        running: running === undefined ? null : labUp(running, context.owned),
      };
    },
  },

  'GET api/labs/:lab/objects': {
    read: object({ stage: optional(text(100)) }),
    answer: async ({ lab: id, ask }) => {
      const lab = findLab(id);
      const [running] = await labRunning(id);
      const stage = ask.stage ?? running?.stage ?? drawnLab(id).start ?? '';
      if (!lab.stages.some(({ name }) => name === stage)) throw unknownStage(id, stage);
      const applied = running?.stage === stage ? running.applied : [];
      const { manifests, templates = [] } = stageSnapshot(lab, stage, { applied });
      return { stage, own: stageSources(lab, stage), applied, inForce: { manifests, templates } };
    },
  },

  'GET api/labs/:lab/places': { read: nothing, answer: ({ lab }) => placesOf(lab) },

  'GET api/labs/:lab/kernel': {
    read: object({ place: text(200) }),
    answer: ({ lab, ask }) => kernelOf(lab, ask.place),
  },

  'GET api/labs/:lab/lint': {
    read: nothing,
    answer: ({ lab }) => withLocalSession(lab, async ({ local }) => lint(local.world())),
  },
};

/** @throws Failure `unknown-stage` for a lab that has no such stage */
export const unknownStage = (id: string, stage: string): Failure => {
  const known = findLab(id).stages.map(({ name }) => name);
  const problem = `lab ${id} has no stage '${stage}'`;
  const fix = known.length === 0 ? 'it has no stages' : `use ${known.join(', ')}`;
  return new Failure('unknown-stage', problem, fix);
};
