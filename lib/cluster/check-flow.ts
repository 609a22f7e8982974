import type { FlowCheck } from '../lab/check';
import { type CheckResult, right, wrong } from '../lab/check-result';
import { flowsOf } from '../lab/resolve';
import { type Flow, formatEnd } from '../model/flow';
import type { Outcome } from '../model/observation';
import type { CheckContext } from './check';
import { sourceOf } from './ends';
import { type ClusterObservation, connect, outcomeOf, probeUntil } from './probe';

const WANTED: Readonly<Record<FlowCheck['expect'], Outcome>> = {
  allowed: 'connected',
  denied: 'timed-out',
  refused: 'refused',
  unreachable: 'unreachable',
};

/**
 * Tries the flows of several checks together, until they show what is expected or have had time
 * to. A denial counts only where something listens: silence from a dead server proves no policy.
 */
export async function checkFlows(
  checks: readonly FlowCheck[],
  context: CheckContext,
): Promise<readonly CheckResult[]> {
  const { cluster, scope, clock, settleMs: deadlineMs = 20_000 } = context;
  const plans = checks.map((check) => ({ check, flows: flowsOf(check, scope) }));
  const wanted = plans.flatMap(({ check, flows }) =>
    flows.map((flow) => ({ flow, outcomes: [WANTED[check.expect]] })),
  );
  const seen = await probeUntil(cluster, wanted, { clock, deadlineMs });
  let taken = 0;
  const results: CheckResult[] = [];
  for (const { check, flows } of plans) {
    const tried = seen.slice(taken, taken + flows.length);
    taken += flows.length;
    results.push(await judge(check, tried, context));
  }
  return results;
}

async function judge(
  check: FlowCheck,
  tried: readonly ClusterObservation[],
  context: CheckContext,
): Promise<CheckResult> {
  if (tried.length === 0) {
    const means = `no pod stands behind ${check.from} or ${check.to} now`;
    return wrong(check, { saw: 'nothing to try', means, look: 'kubectl get pods -A' });
  }
  const other = tried.find(({ outcome }) => outcome !== WANTED[check.expect]);
  if (other !== undefined) return differs(check, other);
  const dead = check.expect === 'denied' ? await findDead(tried, context) : undefined;
  if (dead !== undefined) {
    const saw = `nothing answers on ${dead} even inside the pod itself`;
    const means = 'the target is dead, so its silence proves no policy';
    return wrong(check, { saw, means, look: 'kubectl get pods -A' });
  }
  return right(check, `${tried.length} of ${tried.length} ${WANTED[check.expect]}`);
}

function differs(check: FlowCheck, { flow, outcome, detail }: ClusterObservation): CheckResult {
  const [from, to] = [formatEnd(flow.from), formatEnd(flow.to)];
  const tail = flow.protocol === 'TCP' ? '' : `/${flow.protocol}`;
  return wrong(check, {
    saw: `${from} -> ${to}:${flow.port}${tail} was ${outcome}, expected ${WANTED[check.expect]}`,
    means:
      outcome === 'unsupported'
        ? `it could not be tried: ${detail}`
        : 'the cluster does not do what this step asks',
    look: `lab explain ${from} ${to}:${flow.port}${tail}`,
  });
}

/**
 * The first denied target whose own pod cannot reach its port over loopback, where no policy is
 * asked. (From its node a pod can always be reached, but nothing of ours runs on nodes.)
 */
async function findDead(
  tried: readonly ClusterObservation[],
  { cluster }: CheckContext,
): Promise<string | undefined> {
  const targets = new Map(tried.map(({ flow }) => [`${formatEnd(flow.to)}:${flow.port}`, flow]));
  for (const [name, flow] of targets) {
    if (flow.to.kind === 'pod' && !(await isListening(flow, cluster))) return name;
  }
  return undefined;
}

async function isListening(flow: Flow, cluster: CheckContext['cluster']): Promise<boolean> {
  const target = await sourceOf(cluster, flow.to);
  if (target.kind === 'missing' || flow.protocol === 'ICMP') return false;
  const destination = `127.0.0.1:${flow.port}`;
  const { protocol } = flow;
  const ended = await connect(cluster, target.value, { destination, protocol, timeoutSeconds: 2 });
  return outcomeOf(ended).outcome === 'connected';
}
