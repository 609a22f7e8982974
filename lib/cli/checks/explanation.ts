import { probeOf } from '../../dataplane/probes';
import type { DistributionCheck, ExplanationCheck, StagedCheck } from '../../lab/check';
import { type CheckResult, right, wrong } from '../../lab/check-result';
import { flowsOf } from '../../lab/resolve';
import { formatEnd } from '../../model/flow';
import type { Endpoint } from '../../model/world';
import { createEngine } from '../../reach/engine';
import { type CheckContext, endpointsOf } from './context';

/** Does the prediction name what the check says decided the flow? */
export function checkExplanation(check: ExplanationCheck, context: CheckContext): CheckResult {
  const [flow] = flowsOf(check, context.scope);
  if (flow === undefined) return nothing(check);
  const { by, verdict } = context.engine.explain(flow);
  const hit = by.some(
    ({ filter, object }) =>
      filter === check.filter && (check.object === undefined || object === check.object),
  );
  const saw = `${verdict}: ${by.map((one) => `${one.filter} ${one.object}`).join(', ')}`;
  if (hit) return right(check, saw);
  const look = `lab explain ${formatEnd(flow.from)} ${formatEnd(flow.to)}:${flow.port}`;
  return wrong(check, { saw, means: by.map((one) => one.because).join('; '), look });
}

/** Sends many requests and counts who answered: each share must lie within its bounds. */
export async function checkDistribution(
  check: DistributionCheck,
  { local, scope }: CheckContext,
): Promise<CheckResult> {
  const flows = flowsOf(check, scope);
  const [flow] = flows;
  if (flow === undefined) return nothing(check);
  const probe = probeOf(scope.world, flow);
  const probes = Array.from({ length: check.requests }, () => probe);
  const options = { trace: 'off', timeoutMs: 300 } as const;
  const observations = await local.sandbox.probe(probes, options);
  const answers = observations.map(({ answer }) => answer?.trim() ?? '');
  const shares = Object.entries(check.shares).map(([name, bounds]) => {
    const speakers = endpointsOf(name, scope).map(bannerOf);
    const mine = answers.filter((answer) => speakers.includes(answer));
    const share = mine.length / check.requests;
    return { name, share, within: share >= bounds.min && share <= bounds.max };
  });
  const saw = shares.map(({ name, share }) => `${name} ${Math.round(share * 100)} %`).join(', ');
  if (shares.every(({ within }) => within)) return right(check, saw);
  return wrong(check, {
    saw,
    means: 'requests do not spread over the endpoints as they should',
    look: `lab explain ${formatEnd(flow.from)} ${formatEnd(flow.to)}:${flow.port}`,
  });
}

/** What a listener says of itself (lib/dataplane/listeners.ts). */
const bannerOf = (endpoint: Endpoint): string =>
  endpoint.kind === 'pod' ? `${endpoint.namespace}/${endpoint.name}` : endpoint.name;

/** Would every flow of the check be allowed, or denied, were everything staged enforced? */
export function checkStaged(check: StagedCheck, { scope }: CheckContext): CheckResult {
  const flows = flowsOf(check, scope);
  if (flows.length === 0) return nothing(check);
  const engine = createEngine(scope.world, { staged: 'as-enforced' });
  const wanted = check.expect === 'would-be-allowed' ? 'allowed' : 'denied';
  const all = flows.map(engine.explain);
  const other = all.find(({ verdict }) => verdict !== wanted);
  if (other === undefined) return right(check, `${flows.length} flows ${check.expect}`);
  const { flow, by, verdict } = other;
  return wrong(check, {
    saw: `${formatEnd(flow.from)} -> ${formatEnd(flow.to)}:${flow.port} would be ${verdict}`,
    means: by.map((one) => one.because).join('; '),
    look: 'lab predict --staged-as-enforced',
  });
}

const nothing = (check: ExplanationCheck | DistributionCheck | StagedCheck): CheckResult =>
  wrong(check, {
    saw: 'nothing to try',
    means: `nothing is called ${check.from} or ${check.to} now`,
    look: 'lab matrix',
  });
