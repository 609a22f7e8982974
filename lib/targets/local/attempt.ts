import { expectedOutcome, needsControl } from '../../checks/outcomes';
import {
  type AttemptCheck,
  type AttemptsMade,
  answered,
  type MadeAttempt,
  missing,
  notHere,
  type TargetAnswer,
} from '../../checks/target';
import type { FlowCheck } from '../../lab/check';
import { controlOf, flowsOf, type NameScope } from '../../lab/resolve';
import { type Flow, formatEnd } from '../../model/flow';
import { createEngine } from '../../reach/engine';
import { flowText, type Seen } from '../../report/comparison';
import type { Local } from './local';

/** The flows of one check, and those that must connect for a denial to count. */
interface PlannedFlows {
  readonly check: AttemptCheck;
  readonly flows: readonly Flow[];
  readonly controls: readonly Flow[];
}

/** Sends the packets of all flow checks in one go. Pods of a cluster lab do not ping. */
export async function attemptFlows(
  checks: readonly AttemptCheck[],
  local: Local,
  scope: NameScope,
): Promise<readonly TargetAnswer<AttemptsMade>[]> {
  const plans = checks.map((check) => planned(check, scope));
  const seen = await local.observe(
    plans.flatMap(({ flows, controls }) => [...flows, ...controls]),
    'off',
  );
  const engine = createEngine(scope.world, { staged: 'as-written' });
  const made = (flow: Flow, one: Seen | undefined, expected: string): readonly MadeAttempt[] => {
    if (one === undefined) return [];
    const differs = one.outcome !== expected;
    return [
      {
        name: flowText(flow),
        outcome: one.outcome,
        because:
          one.reason ??
          (differs
            ? engine
                .explain(flow)
                .by.map((by) => by.because)
                .join('; ')
            : ''),
        look: lookAt(flow),
      },
    ];
  };
  let taken = 0;
  return plans.map(({ check, flows, controls }) => {
    if (check.kind === 'ping') return notHere('ping looks at machines; a cluster lab has pods');
    const tried = flows.flatMap((flow) => made(flow, seen[taken++], expectedOutcome(check)));
    const controlled = controls.flatMap((flow) => made(flow, seen[taken++], 'connected'));
    if (tried.length === 0) return noEnd(check);
    // A denial counts only with the control that the check names.
    if (controlled.length === 0 && needsControl(check) && check.control !== undefined) {
      return noEnd({ ...check, from: check.control });
    }
    return answered({ tried, controls: controlled });
  });
}

function planned(check: AttemptCheck, scope: NameScope): PlannedFlows {
  if (check.kind === 'ping') return { check, flows: [], controls: [] };
  const flows = flowsOf(check, scope);
  return { check, flows, controls: needsControl(check) ? controlsOf(check, flows, scope) : [] };
}

/** A named control, or else the node of each pod that the flows go to. */
function controlsOf(check: FlowCheck, flows: readonly Flow[], scope: NameScope): readonly Flow[] {
  if (flows.length === 0) return [];
  return check.control === undefined
    ? flows.flatMap((flow) => controlOf(flow, scope.world) ?? [])
    : flowsOf({ ...check, from: check.control }, scope);
}

const noEnd = ({ from, to }: AttemptCheck): TargetAnswer<never> =>
  missing(`no pod has the name ${from} or ${to}`, 'lab matrix');

function lookAt({ from, to, protocol, port }: Flow): string {
  const tail = protocol === 'TCP' ? '' : `/${protocol}`;
  return `lab explain ${formatEnd(from)} ${formatEnd(to)}:${port}${tail}`;
}
