import type { FlowCheck } from '../../lab/check';
import { type CheckResult, right, wrong } from '../../lab/check-result';
import { controlOf, flowsOf } from '../../lab/resolve';
import { type Flow, formatEnd } from '../../model/flow';
import type { Outcome } from '../../model/observation';
import type { Engine } from '../../reach/engine';
import { flowText, type Seen } from '../../report/comparison';
import type { CheckContext } from './context';

const WANTED: Readonly<Record<FlowCheck['expect'], Outcome>> = {
  allowed: 'connected',
  denied: 'timed-out',
  refused: 'refused',
  unreachable: 'unreachable',
};

interface Tried {
  readonly flow: Flow;
  readonly seen: Seen;
}

/**
 * Tries the flows of several checks in one go. A denial counts only where the same target answered
 * its control in the same run: silence from a dead server proves no policy.
 */
export async function checkFlows(
  checks: readonly FlowCheck[],
  context: CheckContext,
): Promise<readonly CheckResult[]> {
  const plans = checks.map((check) => {
    const flows = flowsOf(check, context.scope);
    const denied = check.expect === 'denied' ? flows : [];
    const controls =
      check.control === undefined || denied.length === 0
        ? denied.flatMap((flow) => controlOf(flow, context.scope.world) ?? [])
        : flowsOf({ ...check, from: check.control }, context.scope);
    return { check, flows, controls };
  });
  const asked = plans.flatMap(({ flows, controls }) => [...flows, ...controls]);
  const seen = await context.local.observe(asked, 'off');
  let taken = 0;
  const take = (flows: readonly Flow[]): readonly Tried[] =>
    flows.flatMap((flow) => {
      const one = seen[taken++];
      return one === undefined ? [] : [{ flow, seen: one }];
    });
  return plans.map(({ check, flows, controls }) =>
    judge(check, { tried: take(flows), controls: take(controls), engine: context.engine }),
  );
}

interface Evidence {
  readonly tried: readonly Tried[];
  readonly controls: readonly Tried[];
  readonly engine: Engine;
}

function judge(check: FlowCheck, { tried, controls, engine }: Evidence): CheckResult {
  if (tried.length === 0) {
    return wrong(check, {
      saw: 'nothing to try',
      means: `no pod stands behind ${check.from} or ${check.to} now`,
      look: 'lab matrix',
    });
  }
  const other = tried.find(({ seen }) => seen.outcome !== WANTED[check.expect]);
  if (other !== undefined) return differs(check, other, engine);
  const dead = controls.find(({ seen }) => seen.outcome !== 'connected');
  if (dead !== undefined) return unproven(check, dead);
  return right(check, `${tried.length} of ${tried.length} ${WANTED[check.expect]}`);
}

function differs(check: FlowCheck, { flow, seen }: Tried, engine: Engine): CheckResult {
  const { from, to, protocol, port } = flow;
  const because = engine.explain(flow).by.map((evidence) => evidence.because);
  const tail = protocol === 'TCP' ? '' : `/${protocol}`;
  return wrong(check, {
    saw: `${flowText(flow)} was ${seen.outcome}, expected ${WANTED[check.expect]}`,
    means: because.join('; '),
    look: `lab explain ${formatEnd(from)} ${formatEnd(to)}:${port}${tail}`,
  });
}

const unproven = (check: FlowCheck, { flow, seen }: Tried): CheckResult =>
  wrong(check, {
    saw: `the control ${flowText(flow)} was ${seen.outcome}`,
    means: 'the target itself does not answer, so its silence proves no policy',
    look: `lab explain ${formatEnd(flow.from)} ${formatEnd(flow.to)}:${flow.port}`,
  });
