import { rightAnswer } from '../../lab/answer';
import type { Check } from '../../lab/check';
import type { Step } from '../../lab/format';
import { Failure } from '../../model/problem';
import { prove } from '../../proof/proof';
import { answerQuestion } from '../../session/answering';
import { drawnLab, drawnStart } from '../../session/drawn';
import { takeHint } from '../../session/hint';
import { forgetProgress, progressIn } from '../../session/learner';
import { extendLocal } from '../../session/local/end';
import { runningLab } from '../../session/local/find';
import { lackingFor } from '../../session/needs';
import { nextTask } from '../../session/next';
import { checkStep } from '../../session/open/check';
import { withUpHere } from '../../session/open/open';
import { solveStep } from '../../session/open/solve';
import type { AppliedSolution } from '../../session/types';
import type { SolveAnswer } from '../api/shapes';
import { flag, number, object, optional, text, whole } from './fields';
import { countsOf } from './proof-value';
import { labUp } from './state';
import type { StreamHandlers, ValueHandlers } from './types';

/** A lab on this machine runs at most so many hours without being extended, as `lab up --expires` has it. */
const MOST_HOURS = 168;

type LearnValues = Pick<
  ValueHandlers,
  | 'POST api/labs/:lab/hint'
  | 'POST api/labs/:lab/answer'
  | 'POST api/labs/:lab/reset'
  | 'POST api/labs/:lab/extend'
>;

/** Hints, answers and progress. */
export const learnValues: LearnValues = {
  'POST api/labs/:lab/hint': {
    read: object({}),
    answer: ({ lab }) => {
      const hinted = takeHint(drawnLab(lab));
      if (hinted === undefined) return { step: null, hint: '', taken: 0, of: 0 };
      const { step, text: hint, taken } = hinted;
      return { step: step.id, hint, taken, of: step.hints.length };
    },
  },
  'POST api/labs/:lab/answer': {
    read: object({ question: text(100), answer: text(2000) }),
    answer: ({ lab: id, ask }) => {
      const lab = drawnLab(id);
      const { question, verdict, why } = answerQuestion(lab, ask.question, ask.answer);
      return { ...nextTask(lab, progressIn(id)), question: question.id, verdict, why };
    },
  },
  'POST api/labs/:lab/reset': {
    read: object({}),
    answer: ({ lab }) => {
      forgetProgress(lab);
      return { lab };
    },
  },
  'POST api/labs/:lab/extend': {
    read: object({ hours: number(0.1, MOST_HOURS) }),
    answer: async ({ lab, ask, context }) => {
      const running = await runningLab(lab);
      const expiresAt = await extendLocal(running, ask.hours);
      return labUp({ ...running, expiresAt }, context.owned);
    },
  },
};

type LearnStreams = Pick<
  StreamHandlers,
  | 'POST api/labs/:lab/up'
  | 'POST api/labs/:lab/down'
  | 'POST api/labs/:lab/check'
  | 'POST api/labs/:lab/solve'
>;

/** A lab's life: up, check, solve, down. */
export const learnStreams: LearnStreams = {
  'POST api/labs/:lab/up': {
    read: object({
      hours: optional(number(0.1, MOST_HOURS)),
      seed: optional(whole(0, 999_999_999)),
    }),
    run: ({ lab: id, ask, context }, { progress }) =>
      context.turns.take(id, 'up', async () => {
        const drawn = drawnStart(id, ask.seed);
        if (!drawn.lab.targets.includes('local')) throw notHere(id, drawn.lab.localLimits);
        const lacking = lackingFor(drawn.lab);
        if (lacking !== undefined) throw lacking;
        progress(`building the network of ${id}`);
        const after = await context.owned.up(drawn, {
          expiresAt: Date.now() + (ask.hours ?? 8) * 3_600_000,
          onProgress: (done, total) => progress(`building the network of ${id}`, done, total),
        });
        return nextTask(drawn.lab, after);
      }),
  },
  // It waits for nothing: what is under way ends with the lab.
  'POST api/labs/:lab/down': {
    read: object({ force: optional(flag) }),
    run: async ({ lab, ask, context }, { progress }) => {
      progress(`ending ${lab}`);
      await context.owned.down(lab, { force: ask.force ?? false });
      return { lab, left: [] };
    },
  },
  'POST api/labs/:lab/check': {
    read: object({ step: optional(text(100)) }),
    run: ({ lab: id, ask, context }, { progress }) =>
      context.turns.take(id, 'check', () =>
        withUpHere(id, async (up) => {
          progress('sending packets');
          const checked = await checkStep(up, ask.step);
          const next = nextTask(up.lab, progressIn(id));
          if (checked === undefined)
            return { ...next, step: null, passed: true, results: [], because: '' };
          const { step, results, passed } = checked;
          return { ...next, step: step.id, passed, results, because: passed ? step.because : '' };
        }),
      ),
  },
  'POST api/labs/:lab/solve': {
    read: object({}),
    run: ({ lab: id, context }, { progress }) =>
      context.turns.take(id, 'solve', () =>
        withUpHere(id, async (up) => {
          progress('applying the solution');
          const solved = await solveStep(up);
          if (solved === undefined) return { step: null, kind: 'answers', lines: [], answers: [] };
          return solvedAnswer(solved.step, solved.applied, progress);
        }),
      ),
  },
};

async function solvedAnswer(
  step: Step,
  applied: AppliedSolution,
  progress: (text: string) => void,
): Promise<SolveAnswer> {
  const asked = step.checks.flatMap((check: Check) =>
    check.kind === 'answer' ? [check.question] : [],
  );
  const answers = asked.map((question) => ({
    question,
    right: rightAnswer(question.accept) ?? null,
  }));
  const head = { step: step.id, kind: applied.kind, answers };
  if (applied.kind === 'commands') return { ...head, lines: applied.lines };
  if (applied.kind === 'answers') return { ...head, lines: [] };
  const { stage, local } = applied;
  if (local === undefined) return { ...head, stage, lines: [] };
  progress('sending packets');
  return { ...head, stage, lines: [], proof: countsOf(await prove(local)) };
}

const notHere = (id: string, limits: string | undefined): Failure =>
  new Failure(
    'wrong-target',
    `lab ${id} does not run on this machine${limits === undefined ? '' : ` (${limits})`}`,
    `lab show ${id} says where it runs`,
  );
