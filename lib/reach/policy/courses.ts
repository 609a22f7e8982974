import type { Verdict } from '../../model/explanation';
import type { Saying, SideWords } from '../../model/saying';
import type { Party } from '../ends/types';
import { stepsThatDecide, verdictOfPeer } from './ask';
import { type Bits, hasBit } from './bits';
import type { SubjectRows } from './rows';
import type { TierStep } from './types';
import { notIsolated, type Speaker, sayingsOf } from './words';

/** What the walk came to for some peers of a class of subjects: they took the same steps. */
export interface Course {
  readonly verdict: Verdict;
  /** Empty where no policy isolates the subjects. */
  readonly steps: readonly TierStep[];
  /** Some rule may match: then the words depend on what is not known of the peer. */
  readonly isDoubted: boolean;
  /** The words of each subject, made at its first packet. */
  readonly words: Map<Party, SideWords>;
}

/** Walks a class of subjects once for all its peers; answers the course of each. */
export function createCourses(rows: SubjectRows, number: number): (peer: number) => Course {
  if (rows.tiersOf(number).length === 0) {
    const open: Course = { verdict: 'allowed', steps: [], isDoubted: false, words: new Map() };
    return () => open;
  }
  const taken: StepFlows[] = [];
  const outcome = rows.walk(number, (step, flows) => taken.push({ step, flows: flows.slice() }));
  const courses = new Map<string, Course>();
  const ofPeer: (Course | undefined)[] = [];
  return (peer) => {
    const known = ofPeer[peer];
    if (known !== undefined) return known;
    const verdict = verdictOfPeer(outcome, peer);
    // Peers that a policy in doubt may decide about differently took the same steps.
    const key = `${verdict} ${stepsTaken(taken, peer)}`;
    const course = courses.get(key) ?? courseOf(taken, verdict, peer);
    courses.set(key, course);
    ofPeer[peer] = course;
    return course;
  };
}

/** A step of a walk, and the peers that took it. */
interface StepFlows {
  readonly step: TierStep;
  readonly flows: Bits;
}

/** Which of the steps a peer took, 15 to a character. */
function stepsTaken(taken: readonly StepFlows[], peer: number): string {
  let key = '';
  let word = 1;
  for (const { flows } of taken) {
    word = (word << 1) | (hasBit(flows, peer) ? 1 : 0);
    if (word < 0x8000) continue;
    key += String.fromCharCode(word);
    word = 1;
  }
  return key + String.fromCharCode(word);
}

function courseOf(taken: readonly StepFlows[], verdict: Verdict, peer: number): Course {
  const steps = taken.filter(({ flows }) => hasBit(flows, peer)).map(({ step }) => step);
  const isDoubted = steps.some(({ kind }) => kind === 'doubt');
  return { verdict, steps, isDoubted, words: new Map() };
}

/**
 * The words of a course about one subject. Of a doubt there are none, because they depend on the peer;
 * its place among the others is kept.
 */
export function wordsOf(course: Course, subject: Party, speaker: Speaker): SideWords {
  const known = course.words.get(subject);
  if (known !== undefined) return known;
  const words = course.steps.length === 0 ? openWords(speaker) : wordsOfSteps(course, speaker);
  course.words.set(subject, words);
  return words;
}

const openWords = (speaker: Speaker): SideWords => ({
  verdict: 'allowed',
  sayings: [notIsolated(speaker)],
  deciding: [0],
});

function wordsOfSteps({ verdict, steps }: Course, speaker: Speaker): SideWords {
  const decided = stepsThatDecide(verdict, steps);
  const sayings: Saying[] = [];
  const deciding: number[] = [];
  let place = 0;
  for (const step of steps) {
    const own = step.kind === 'doubt' ? undefined : sayingsOf(step, speaker, 'allow');
    const count = own?.length ?? 1;
    sayings.push(...(own ?? []));
    if (decided.has(step)) deciding.push(...Array.from({ length: count }, (_, i) => place + i));
    place += count;
  }
  return { verdict, sayings, deciding };
}
