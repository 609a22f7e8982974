import type { Explanation, Verdict } from '../../model/explanation';
import type { Flip } from '../../model/flip';
import type { Flow } from '../../model/flow';
import type { World } from '../../model/world';
import { createDirectory } from '../ends/directory';
import type { EngineOptions } from '../engine';
import { createEngine } from '../engine';
import { route } from '../services/routing';
import { policyCandidates } from './flip-policy';
import { vpcCandidates } from './flip-vpc';
import type { FlipQuestion } from './types';

/** Trying a change costs an engine, so no more than these are tried. */
const MOST = 60;

/**
 * The nearest single change that turns the verdict around: removing the rule that decided, adding a
 * port or a peer to a rule that nearly matches, adding a rule. `undefined` where no single one
 * does, as where both sides refuse, and where the verdict is neither `allowed` nor `denied`.
 */
export function flip(
  world: World,
  explanation: Explanation,
  options: EngineOptions,
): Flip | undefined {
  const { flow, verdict } = explanation;
  const wanted = OPPOSITE[verdict];
  const routing = route(flow, createDirectory(world));
  const [delivery] = routing.kind === 'delivered' ? routing.deliveries : [];
  if (wanted === undefined || delivery === undefined) return undefined;
  const packets = { egress: delivery.sent, ingress: delivery.received };
  const question: FlipQuestion = { world, explanation, packets };
  const candidates = [...policyCandidates(question), ...vpcCandidates(question)].slice(0, MOST);
  const found = candidates.find((one) => verdictIn(one.world, flow, options) === wanted);
  if (found === undefined) return undefined;
  const { filter, direction, object, change } = found;
  return { filter, direction, object, change, becomes: wanted };
}

const OPPOSITE: Readonly<Partial<Record<Verdict, Verdict>>> = {
  allowed: 'denied',
  denied: 'allowed',
};

const verdictIn = (world: World, flow: Flow, options: EngineOptions): Verdict =>
  createEngine(world, options).explain(flow).verdict;
