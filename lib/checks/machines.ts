import type { FlowCheck, MachineFlows, MachinesCheck, PingCheck } from '../lab/check';
import { type CheckResult, right, wrong } from '../lab/check-result';
import { verdictOf } from '../model/observation';
import { expectedOutcome } from './outcomes';
import type { StateDifference } from './state/differences';
import { differenceLines } from './state/text';
import type { AttemptCheck, MadeAttempt, Target } from './target';

/** One flow of the table, and who must answer it. */
interface TableFlow {
  readonly check: AttemptCheck;
  readonly to: string;
  readonly port: StateDifference['port'];
  readonly by: string | undefined;
}

/** Tries every flow of the table; what differs is grouped, and who answered is compared. */
export async function checkMachines(check: MachinesCheck, target: Target): Promise<CheckResult> {
  const flows = flowsIn(check);
  const made = await target.attempt(flows.map((flow) => flow.check));
  const differences: StateDifference[] = [];
  const others: string[] = [];
  for (const [i, flow] of flows.entries()) {
    const answer = made[i];
    if (answer?.kind === 'missing') others.push(answer.what);
    const [one] = answer?.kind === 'answered' ? answer.value.tried : [];
    if (one !== undefined) compare(flow, one, { differences, others });
  }
  const unique = [...new Set(others)];
  const parts = differenceLines({ differences, pairs: flows.length, ports: Infinity }, unique);
  if (parts.length === 0) return right(check, `${flows.length} flows as required`);
  const means = 'the state differs from what the task asks for';
  return wrong(check, {
    saw: parts[0] ?? '',
    parts,
    means,
    look: 'lab shell, then nft list ruleset',
  });
}

interface Found {
  readonly differences: StateDifference[];
  readonly others: string[];
}

function compare({ check, to, port, by }: TableFlow, one: MadeAttempt, found: Found): void {
  const expected = expectedOutcome(check);
  const verdicts = { required: verdictOf(expected), found: verdictOf(one.outcome) };
  const name = `${check.from} -> ${to} ${port.protocol} ${port.port ?? ''}`.trim();
  if (verdicts.required !== verdicts.found) {
    found.differences.push({ from: check.from, to, port, ...verdicts });
  } else if (one.outcome !== expected) {
    found.others.push(`${name} was ${one.outcome}, expected ${expected}`);
  } else if (by !== undefined && one.answer?.trim() !== by) {
    found.others.push(
      `${name} was answered by ${one.answer?.trim() ?? 'an unknown server'}, expected ${by}`,
    );
  }
}

/** Every flow of the table once: the first line that names it counts. */
function flowsIn(check: MachinesCheck): readonly TableFlow[] {
  const flows = new Map<string, TableFlow>();
  for (const line of check.flows)
    for (const from of line.from)
      for (const to of line.to)
        for (const port of line.ports) {
          const key = `${from} ${to} ${port}`;
          if (!flows.has(key)) flows.set(key, tableFlow(check, line, { from, to, port }));
        }
  return [...flows.values()];
}

interface Place {
  readonly from: string;
  readonly to: string;
  readonly port: MachineFlows['ports'][number];
}

const PINGS = { allowed: 'answered', denied: 'silent', unreachable: 'unreachable' } as const;

function tableFlow(
  { because }: MachinesCheck,
  { expect, by }: MachineFlows,
  { from, to, port }: Place,
): TableFlow {
  if (port === 'icmp') {
    const heard: PingCheck['expect'] = expect === 'refused' ? 'answered' : PINGS[expect];
    const check: PingCheck = { kind: 'ping', from, to, expect: heard, because };
    return { check, to, port: { protocol: 'ICMP', port: undefined }, by: undefined };
  }
  const protocol = typeof port === 'string' ? 'UDP' : 'TCP';
  const number = typeof port === 'string' ? Number(port.slice(4)) : port;
  const check: FlowCheck = {
    kind: 'flow',
    from,
    to: `ip:${to}:${number}`,
    protocol,
    expect,
    because,
  };
  return { check, to, port: { protocol, port: number }, by };
}
