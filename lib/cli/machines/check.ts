import type { Probe } from '../../dataplane/probe';
import { judgeAnswer, sayText, wrongBecause } from '../../lab/answer';
import {
  type Check,
  type FlowCheck,
  type PingCheck,
  parseTarget,
  type WireCheck,
} from '../../lab/check';
import { type CheckResult, right, wrong } from '../../lab/check-result';
import { askFact, judgeFact } from '../../lab/fact';
import type { Lab } from '../../lab/format';
import type { LabProgress } from '../../lab/progress';
import { parseIp } from '../../model/address';
import type { Outcome } from '../../model/observation';
import type { Sandbox } from '../../runtime/sandbox';
import { checkWire } from '../checks/wire';
import { machinesOf } from './bring-up';

/** Where the checks of a Linux lab look. */
export interface MachineContext {
  readonly lab: Lab<string>;
  readonly sandbox: Sandbox;
  readonly progress: LabProgress | undefined;
}

/**
 * Carries out checks of a Linux lab from outside the learner's shell, in the order asked; all packets
 * are sent in one go, because each denial is a wait.
 */
export async function runMachineChecks(
  checks: readonly Check[],
  context: MachineContext,
): Promise<readonly CheckResult[]> {
  const attempts = checks.map((check) => probesOf(check, context));
  const seen = await attempt(context.sandbox, attempts.flat());
  let taken = 0;
  const results: CheckResult[] = [];
  for (const [i, check] of checks.entries()) {
    const mine = attempts[i]?.map(() => seen[taken++] ?? 'nowhere') ?? [];
    results.push(await judge(check, { ...context, seen: mine }));
  }
  return results;
}

/** What to send for a check; a denial brings its control, from the lab's first machine. */
function probesOf(check: Check, { lab }: MachineContext): readonly Probe[] {
  if (check.kind === 'ping') {
    const destination = parseIp(check.to);
    return destination === undefined
      ? []
      : [{ netns: check.from, destination, protocol: 'ICMP', port: 0 }];
  }
  const probe = check.kind === 'flow' ? flowProbe(check) : undefined;
  if (probe === undefined) return [];
  const control = { ...probe, netns: machinesOf(lab).machines[0]?.name ?? '' };
  return check.kind === 'flow' && check.expect === 'denied' ? [probe, control] : [probe];
}

/** What one attempt came to; `nowhere` for a machine that is not there (yet). */
type Seen = Outcome | 'nowhere';

interface Judging extends MachineContext {
  /** What this check's own probes showed. */
  readonly seen: readonly Seen[];
}

async function judge(check: Check, context: Judging): Promise<CheckResult> {
  switch (check.kind) {
    case 'flow':
      return judgeFlow(check, context);
    case 'ping':
      return judgePing(check, context);
    case 'fact':
      return checkFact(check, context);
    case 'wire':
      return checkHeaders(check, context);
    case 'answer':
      return checkAnswer(check, context);
    default:
      return { kind: 'elsewhere', check, why: 'bare machines do not show it' };
  }
}

const PATIENCE = { timeoutMs: 500, trace: 'off' } as const;

const FLOW_OUTCOMES: Readonly<Record<FlowCheck['expect'], Outcome>> = {
  allowed: 'connected',
  denied: 'timed-out',
  refused: 'refused',
  unreachable: 'unreachable',
};

const PING_OUTCOMES: Readonly<Record<PingCheck['expect'], Outcome>> = {
  answered: 'connected',
  silent: 'timed-out',
  unreachable: 'unreachable',
};

/** A denial counts only where the target answers its control. */
function judgeFlow(check: FlowCheck, { seen: [seen, control] }: Judging): CheckResult {
  if (seen === undefined) return noAddress(check, check.to);
  const wanted = FLOW_OUTCOMES[check.expect];
  if (seen !== wanted) return differs(check, { seen, wanted, from: check.from });
  if (control === undefined || control === 'connected') return right(check, seen);
  return wrong(check, {
    saw: `${seen}, and its control was ${control}`,
    means: 'the target itself does not answer, so its silence proves no filter',
    look: 'lab shell',
  });
}

function judgePing(check: PingCheck, { seen: [seen] }: Judging): CheckResult {
  if (seen === undefined) return noAddress(check, check.to);
  const wanted = PING_OUTCOMES[check.expect];
  return seen === wanted ? right(check, seen) : differs(check, { seen, wanted, from: check.from });
}

async function checkHeaders(check: WireCheck, { sandbox }: MachineContext): Promise<CheckResult> {
  const probe = flowProbe(check);
  if (probe === undefined) return noAddress(check, check.to);
  const { source, destination } = check.expect;
  return checkWire(check, {
    sandbox,
    probe,
    at: { netns: check.at.in, device: check.at.device },
    ...(source === undefined ? {} : { sources: [bare(source)] }),
    ...(destination === undefined ? {} : { destinations: [bare(destination)] }),
  });
}

const bare = (name: string): string => name.replace(/^ip:/, '');

async function checkFact(
  check: Extract<Check, { kind: 'fact' }>,
  { sandbox }: MachineContext,
): Promise<CheckResult> {
  const asked = await sandbox.exec(check.in, askFact(check.fact)).catch(() => undefined);
  if (asked === undefined) return noMachine(check, check.in);
  const finding = judgeFact(check.fact, asked.stdout);
  return finding.kind === 'right' ? right(check, finding.saw) : wrong(check, finding);
}

async function checkAnswer(
  check: Extract<Check, { kind: 'answer' }>,
  { progress }: MachineContext,
): Promise<CheckResult> {
  const { id, accept, because } = check.question;
  const typed = progress?.answers[id];
  const look = `lab answer ${id} <your answer>`;
  if (typed === undefined)
    return wrong(check, { saw: 'no answer yet', means: sayText(check.question), look });
  return judgeAnswer(accept, typed) === 'right'
    ? right(check, `${typed}: ${because}`)
    : wrong(check, { saw: `'${typed}'`, means: wrongBecause(accept, typed), look });
}

/** The attempt a check describes; a Linux lab names its targets by address (`ip:10.0.0.1:80`). */
function flowProbe(check: FlowCheck | WireCheck): Probe | undefined {
  const { end, port } = parseTarget(check.to);
  const destination = parseIp(bare(end));
  const protocol = check.kind === 'flow' ? (check.protocol ?? 'TCP') : 'TCP';
  return destination === undefined ? undefined : { netns: check.from, destination, protocol, port };
}

/** Outcomes in the order asked. Where one machine is missing all are asked one by one. */
async function attempt(sandbox: Sandbox, probes: readonly Probe[]): Promise<readonly Seen[]> {
  if (probes.length === 0) return [];
  const seen = await sandbox.probe(probes, PATIENCE).catch(() => undefined);
  if (seen !== undefined) return probes.map((_, i) => seen[i]?.outcome ?? 'nowhere');
  if (probes.length === 1) return ['nowhere'];
  const each: Seen[] = [];
  for (const probe of probes) each.push(...(await attempt(sandbox, [probe])));
  return each;
}

interface Difference {
  readonly seen: Seen;
  readonly wanted: Outcome;
  readonly from: string;
}

const MEANS: Readonly<Record<Seen, string>> = {
  connected: 'packets go there and back',
  refused: 'the packet arrived, and nobody listens there',
  'timed-out': 'a packet was lost without a word: on its way there, or its answer on the way back',
  unreachable: 'the kernel knows no way there: no route, or no neighbour of that address',
  unsupported: 'this kernel cannot try it',
  nowhere: 'the machine it starts from is not there',
};

const differs = (check: Check, { seen, wanted, from }: Difference): CheckResult =>
  wrong(check, {
    saw: `${seen}, expected ${wanted}`,
    means: MEANS[seen],
    look: `lab shell ${from}: ip address, ip route, ip neigh`,
  });

const noAddress = (check: Check, text: string): CheckResult =>
  wrong(check, {
    saw: `'${text}' is no address`,
    means: 'the lab names no such end',
    look: 'lab show',
  });

const noMachine = (check: Check, name: string): CheckResult =>
  wrong(check, {
    saw: `nothing is called '${name}'`,
    means: 'it was not made yet, or is gone',
    look: 'ip netns list',
  });
