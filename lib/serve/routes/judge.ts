import { lint } from '../../lint/lint';
import type { Flow } from '../../model/flow';
import { Failure, InputProblems } from '../../model/problem';
import type { World } from '../../model/world';
import { predictFlow } from '../../proof/explained';
import { prove } from '../../proof/proof';
import { proveManifests, proveStage, type StageProof } from '../../proof/stage';
import { createEngine } from '../../reach/engine';
import { parseFlow, readFlows } from '../../read/flows/flows';
import { comparedAnswer, observedAnswer, predictedAnswer } from '../../report/answer';
import { compared } from '../../report/comparison';
import { withLocalSession } from '../../session/local/open';
import type { LocalSession } from '../../session/types';
import type { ExplainAnswer, FlowWords, StageAnswer } from '../api/shapes';
import {
  either,
  type FieldReader,
  flag,
  list,
  nullable,
  number,
  object,
  optional,
  text,
} from './fields';
import { fileName } from './file-name';
import { unknownStage } from './labs';
import { countsOf, matricesOf } from './proof-value';
import type { StreamHandlers, ValueHandlers } from './types';

/** Most flows of one question. */
const MOST_FLOWS = 10_000;
/** Most characters of a manifest in a request. */
export const MOST_TEXT = 900_000;

const flowWords: FieldReader<FlowWords> = object<FlowWords>({
  id: optional(text(200)),
  from: text(300),
  to: text(300),
  protocol: text(10),
  port: optional(either(number(0, 65_535), text(63))),
});

const flowsAsked = object({ flows: list(flowWords, MOST_FLOWS), trace: optional(flag) });

/** @throws InputProblems with every flow that cannot be read */
function flowsOf(words: readonly FlowWords[], world: World): readonly Flow[] {
  const lines = words.map((one) => JSON.stringify(one)).join('\n');
  const reading = readFlows({ path: 'flows', text: lines }, world);
  if (reading.kind === 'problems') throw new InputProblems(reading.problems);
  return reading.value;
}

type JudgeValues = Pick<ValueHandlers, 'POST api/labs/:lab/explain' | 'POST api/labs/:lab/predict'>;

/** Predictions for a lab that is up. */
export const judgeValues: JudgeValues = {
  'POST api/labs/:lab/explain': {
    read: object({
      from: text(300),
      to: text(300),
      observed: optional(flag),
      stagedAsEnforced: optional(flag),
    }),
    answer: ({ lab, ask }) =>
      withLocalSession(lab, async ({ local }): Promise<ExplainAnswer> => {
        const world = local.world();
        const flow = parseFlow(ask.from, ask.to, world);
        if ('problem' in flow) throw new Failure('unknown-flow', flow.problem, flow.fix);
        const staged = ask.stagedAsEnforced ? 'as-enforced' : 'as-written';
        const { explanation, flip } = predictFlow(world, flow, staged);
        const predicted = { ...predictedAnswer(explanation), ...(flip && { flip }) };
        const [seen] = ask.observed ? await local.observe([flow], 'on') : [];
        if (seen === undefined) return { predicted };
        // What packets meet is what is enforced, so that is what they are compared with.
        const written = createEngine(world, { staged: 'as-written' }).explain(flow);
        const { agreement } = compared(written, seen);
        return { predicted, observed: observedAnswer(flow, seen), agreement };
      }),
  },
  'POST api/labs/:lab/predict': {
    read: flowsAsked,
    answer: ({ lab, ask }) =>
      withLocalSession(lab, async ({ local }) => {
        const engine = createEngine(local.world(), { staged: 'as-written' });
        return flowsOf(ask.flows, local.world()).map((flow) =>
          predictedAnswer(engine.explain(flow)),
        );
      }),
  },
};

type JudgeStreams = Pick<
  StreamHandlers,
  | 'POST api/labs/:lab/stage'
  | 'POST api/labs/:lab/apply'
  | 'POST api/labs/:lab/matrix'
  | 'POST api/labs/:lab/compare'
>;

/** Moves of a lab that is up, and what its packets show. */
export const judgeStreams: JudgeStreams = {
  'POST api/labs/:lab/stage': {
    read: object({ stage: text(100) }),
    run: ({ lab: id, ask, context }, { progress }) =>
      context.turns.take(id, 'stage', () =>
        withLocalSession(id, async (session) => {
          if (!session.lab.stages.some(({ name }) => name === ask.stage))
            throw unknownStage(id, ask.stage);
          progress(`entering stage ${ask.stage}`);
          return stageAnswer(session, ask.stage, await proveStage(session, ask.stage));
        }),
      ),
  },
  'POST api/labs/:lab/apply': {
    read: object({ name: fileName, text: nullable(text(MOST_TEXT)) }),
    run: ({ lab: id, ask, context }, { progress }) =>
      context.turns.take(id, 'apply', () =>
        withLocalSession(id, async (session) => {
          const { applied, stage } = session.running;
          const others = applied.filter(({ path }) => path !== ask.name);
          const mine = ask.text === null ? [] : [{ path: ask.name, text: ask.text }];
          progress(ask.text === null ? `removing ${ask.name}` : `applying ${ask.name}`);
          return stageAnswer(session, stage, await proveManifests(session, [...others, ...mine]));
        }),
      ),
  },
  'POST api/labs/:lab/matrix': {
    read: object({}),
    run: ({ lab: id, context }, { progress }) =>
      context.turns.take(id, 'matrix', () =>
        withLocalSession(id, async ({ local, running }) => {
          progress('sending packets');
          const proof = await prove(local);
          return { stage: running.stage, ...countsOf(proof), ...matricesOf(proof) };
        }),
      ),
  },
  'POST api/labs/:lab/compare': {
    read: flowsAsked,
    run: ({ lab: id, ask, context }, { progress }) =>
      context.turns.take(id, 'compare', () =>
        withLocalSession(id, async ({ local }) => {
          const world = local.world();
          const flows = flowsOf(ask.flows, world);
          const engine = createEngine(world, { staged: 'as-written' });
          progress('sending packets');
          const seen = await local.observe(flows, ask.trace ? 'on' : 'off');
          return flows.flatMap((flow, i) => {
            const one = seen[i];
            return one === undefined ? [] : [comparedAnswer(compared(engine.explain(flow), one))];
          });
        }),
      ),
  },
};

const stageAnswer = (
  { local }: LocalSession,
  stage: string,
  { changes, proof }: StageProof,
): StageAnswer => ({
  stage,
  changes,
  ...countsOf(proof),
  unserved: lint(local.world()).filter(({ code }) => code === 'http-not-served'),
});
