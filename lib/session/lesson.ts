import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Topology, topologyOf } from '../lab/diagram';
import type { Lab } from '../lab/format';
import { currentStep, type LabProgress } from '../lab/progress';
import { renderLesson } from '../lab/readme';
import { conceptText, type WrittenSection, writtenSections } from '../lab/sections';
import { labAfter } from './catalogue';
import { stageWorld } from './lab-world';

const LABS = join(__dirname, '..', '..', 'labs');

/** The parts of a lab's text that are written by hand. */
const sectionsOf = ({ id }: Lab<string>): readonly WrittenSection[] =>
  writtenSections(readFileSync(join(LABS, id, 'README.md'), 'utf8'));

/** The concept of a lab, at most ten lines. */
export const conceptOf = (lab: Lab<string>): string => conceptText(sectionsOf(lab));

/** What a lab's picture shows: the world of its last stage, or its machines. */
export function labPicture(lab: Lab<string>): Topology {
  const last = lab.stages.at(-1);
  return topologyOf(lab, last === undefined ? undefined : stageWorld(lab, last.name));
}

/** A lab's text as Markdown, without hints, answers and solutions; its conclusion once it is done. */
export const lessonOf = (lab: Lab<string>, progress: LabProgress | undefined): string =>
  renderLesson(lab, sectionsOf(lab), {
    topology: labPicture(lab),
    next: labAfter(lab),
    isDone: progress !== undefined && currentStep(lab, progress) === undefined,
  });
