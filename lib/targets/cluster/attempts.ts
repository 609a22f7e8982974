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
import { flowsOf } from '../../lab/resolve';
import { type Flow, type FlowEnd, formatEnd } from '../../model/flow';
import { flowText } from '../../report/comparison';
import type { Cluster } from './cluster';
import { sourceOf } from './ends';
import { whyElsewhere } from './observable';
import { type ClusterObservation, connect, outcomeOf, probeUntil } from './probe';
import type { ClusterTargetOptions } from './types';

/**
 * Tries the flows of several checks together, until they show what is expected or have had time to.
 * The control of a denial runs inside the destination's own pod.
 */
export async function attemptFlows(
  checks: readonly AttemptCheck[],
  options: ClusterTargetOptions,
): Promise<readonly TargetAnswer<AttemptsMade>[]> {
  const { cluster, view, clock, settleMs: deadlineMs = 20_000 } = options;
  const plans = checks.map((check) => {
    const reason = whyElsewhere(check, view);
    const isTried = check.kind === 'flow' && reason === undefined;
    return { check, reason, flows: isTried ? flowsOf(check, view.scope) : [] };
  });
  const wanted = plans.flatMap(({ check, flows }) =>
    flows.map((flow) => ({ flow, outcomes: [expectedOutcome(check)] })),
  );
  const seen = await probeUntil(cluster, wanted, { clock, deadlineMs });
  let taken = 0;
  const answers: TargetAnswer<AttemptsMade>[] = [];
  for (const { check, flows, reason } of plans) {
    if (reason !== undefined) {
      answers.push(notHere(reason));
      continue;
    }
    const tried = seen.slice(taken, taken + flows.length);
    taken += flows.length;
    answers.push(await answerFor(check, tried, cluster));
  }
  return answers;
}

async function answerFor(
  check: AttemptCheck,
  tried: readonly ClusterObservation[],
  cluster: Cluster,
): Promise<TargetAnswer<AttemptsMade>> {
  const look = 'kubectl get pods -A';
  if (tried.length === 0) return missing(`no pod has the name ${check.from} or ${check.to}`, look);
  const failed = tried.find(
    ({ outcome, unmade }) => outcome === 'unsupported' && unmade !== 'cannot',
  );
  if (failed !== undefined) return missing(failed.detail, look);
  const isDenied = tried.every(({ outcome }) => outcome === expectedOutcome(check));
  const controls = needsControl(check) && isDenied ? await controlsOf(tried, cluster) : [];
  return answered({ tried: tried.map(madeFrom), controls });
}

const madeFrom = ({ flow, outcome, detail }: ClusterObservation): MadeAttempt => ({
  name: flowText(flow),
  outcome,
  because: outcome === 'unsupported' ? detail : '',
  look: `lab explain ${formatEnd(flow.from)} ${formatEnd(flow.to)}:${flow.port}${tailOf(flow)}`,
});

const tailOf = ({ protocol }: Flow): string => (protocol === 'TCP' ? '' : `/${protocol}`);

/**
 * Each denied destination from inside its own pod, over loopback, where no policy applies. (A pod can
 * always be reached from its node, but the lab runs no programs on nodes.)
 */
async function controlsOf(
  tried: readonly ClusterObservation[],
  cluster: Cluster,
): Promise<readonly MadeAttempt[]> {
  const destinations = new Map(
    tried.map(({ flow }) => [`${formatEnd(flow.to)}:${flow.port}`, flow]),
  );
  const controls: MadeAttempt[] = [];
  for (const [name, flow] of destinations) {
    if (flow.to.kind !== 'pod' || flow.protocol === 'ICMP') continue;
    const seen = await controlOf(cluster, flow.to, `127.0.0.1:${flow.port}`, flow.protocol);
    controls.push({
      ...seen,
      name: `${name} from inside its own pod`,
      look: 'kubectl get pods -A',
    });
  }
  return controls;
}

async function controlOf(
  cluster: Cluster,
  pod: FlowEnd,
  destination: string,
  protocol: 'TCP' | 'UDP' | 'SCTP',
): Promise<Pick<MadeAttempt, 'outcome' | 'because'>> {
  const source = await sourceOf(cluster, pod);
  if (source.kind === 'missing') return { outcome: 'unreachable', because: source.reason };
  if (source.kind === 'cannot') return { outcome: 'unsupported', because: source.reason };
  const ended = await connect(cluster, source.value, { destination, protocol, timeoutSeconds: 2 });
  return { outcome: outcomeOf(ended).outcome, because: '' };
}
