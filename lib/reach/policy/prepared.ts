import type { Decision, Evidence, Verdict } from '../../model/explanation';
import type { Direction } from '../../model/flow';
import { lazyTable } from '../../model/lazy';
import type { OrderedTier } from '../../model/policy-order';
import { type SideWords, said } from '../../model/saying';
import type { World } from '../../model/world';
import type { Party } from '../ends/types';
import type { FilterAnswer } from '../hops/types';
import { type Course, createCourses, wordsOf } from './courses';
import { createPlaces } from './places';
import { type JudgedEnds, prepareRows, type SubjectRows } from './rows';
import type { AnswerPacket, PolicyQuestion } from './types';
import { decisionsOf, peerName, speakerOf } from './words';

/** The policies of many ends, prepared together. */
export interface PreparedPolicies {
  readonly answer: AnswerPacket;
  /**
   * What the policies of one end say about the peer, by the numbers of both; `undefined` where the
   * words depend on more of the peer than its name.
   */
  readonly words: Readonly<Record<Direction, (asked: AskedPair) => SideWords | undefined>>;
}

/** A packet from the point of view of the end whose policies are asked. */
export interface AskedPair {
  readonly subject: Party;
  /** The name of the subject in sentences. */
  readonly name: string;
  /** Number of the subject, and of its peer on the other side. */
  readonly own: number;
  readonly peer: number;
}

/**
 * Prepares the policies of many ends in one index: every class of subjects is walked once for all of
 * its peers, and the words about a subject are made once. A packet whose ends are not among `ends`
 * is answered by `alone`; both say the same.
 */
export function preparePolicies(
  world: World,
  tiers: readonly OrderedTier[],
  { ends, alone }: { readonly ends: JudgedEnds; readonly alone: AnswerPacket },
): PreparedPolicies {
  const placeOf = createPlaces(ends);
  const rows = prepareRows(world, tiers, ends);
  const courses = { egress: coursesOf(rows.egress), ingress: coursesOf(rows.ingress) };
  const words = (direction: Direction) => (asked: AskedPair) => {
    const course = courses[direction](asked.own, asked.peer);
    if (course.isDoubted) return undefined;
    return wordsOf(course, asked.subject, { direction, name: asked.name });
  };
  return {
    answer: (packet, question) => {
      const place = placeOf(packet);
      if (place === undefined) return alone(packet, question);
      const { direction, source, target } = question;
      return direction === 'egress'
        ? new PreparedAnswer(courses.egress(place.source, place.target), source, question)
        : new PreparedAnswer(courses.ingress(place.target, place.source), target.party, question);
    },
    words: { egress: words('egress'), ingress: words('ingress') },
  };
}

/** The course of each subject and peer; a class of subjects is walked when it is first asked about. */
function coursesOf(rows: SubjectRows): (own: number, peer: number) => Course {
  const tableOf = lazyTable((number: number) => createCourses(rows, number));
  const { of } = rows.classes;
  return (own, peer) => tableOf(of[own] ?? 0)(peer);
}

/** The answer of a course to one packet; its sentences are made when they are read. */
class PreparedAnswer implements FilterAnswer {
  private made: readonly Decision[] | undefined;

  constructor(
    private readonly course: Course,
    private readonly subject: Party,
    private readonly question: PolicyQuestion,
  ) {}

  get verdict(): Verdict {
    return this.course.verdict;
  }

  get decisions(): readonly Decision[] {
    this.made ??= this.make();
    return this.made;
  }

  get by(): readonly Evidence[] {
    const { decisions } = this;
    return this.words().deciding.flatMap((place) => decisions[place]?.evidence ?? []);
  }

  private words(): SideWords {
    return wordsOf(this.course, this.subject, speakerOf(this.question));
  }

  private make(): readonly Decision[] {
    const { course, question } = this;
    if (course.isDoubted)
      return course.steps.flatMap((step) => decisionsOf(step, question, 'allow'));
    const peer = peerName(question);
    return this.words().sayings.map((saying) => said(saying, peer));
  }
}
