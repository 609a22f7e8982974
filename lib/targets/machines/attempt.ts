import { needsControl } from '../../checks/outcomes';
import {
  type AttemptCheck,
  type AttemptsMade,
  answered,
  type MadeAttempt,
  missing,
  type TargetAnswer,
} from '../../checks/target';
import type { Observation, Probe } from '../../dataplane/probe';
import { type FlowCheck, parseTarget, type WireCheck } from '../../lab/check';
import { parseIp } from '../../model/address';
import type { Sandbox } from '../../runtime/sandbox/sandbox';

/** An attempt as a person names it, and as the sandbox makes it. */
interface PlannedProbe {
  readonly name: string;
  readonly probe: Probe;
}

interface PlannedAttempts {
  readonly check: AttemptCheck;
  readonly tries: readonly PlannedProbe[];
  readonly controls: readonly PlannedProbe[];
}

/**
 * Sends all packets in one go. The control of a denial comes from the lab's first machine.
 * @param first name of that machine
 */
export async function attemptOnMachines(
  checks: readonly AttemptCheck[],
  sandbox: Sandbox,
  first: string,
): Promise<readonly TargetAnswer<AttemptsMade>[]> {
  const plans = checks.map((check) => planned(check, first));
  const probes = plans.flatMap(({ tries, controls }) => [...tries, ...controls]);
  const seen = await outcomesOf(
    probes.map(({ probe }) => probe),
    sandbox,
  );
  let taken = 0;
  const take = (all: readonly PlannedProbe[]): readonly (MadeAttempt | undefined)[] =>
    all.map((one) => madeFrom(one, seen[taken++]));
  return plans.map(({ check, tries, controls }) => {
    if (tries.length === 0) return notAnAddress(check.to);
    const tried = take(tries).filter((one) => one !== undefined);
    const controlled = take(controls).filter((one) => one !== undefined);
    if (tried.length < tries.length) return noMachine(check.from);
    // A denial without its control would prove nothing.
    if (controlled.length < controls.length) return noMachine(first);
    return answered({ tried, controls: controlled });
  });
}

function planned(check: AttemptCheck, first: string): PlannedAttempts {
  const probe = check.kind === 'flow' ? flowProbe(check) : pingProbe(check);
  if (probe === undefined) return { check, tries: [], controls: [] };
  const name = (from: string) => `${from} -> ${check.to}${check.kind === 'ping' ? ' ICMP' : ''}`;
  const controls = needsControl(check)
    ? [{ name: name(first), probe: { ...probe, netns: first } }]
    : [];
  return { check, tries: [{ name: name(check.from), probe }], controls };
}

/** The attempt of a flow; a Linux lab names its destinations by address (`ip:10.0.0.1:80`). */
export function flowProbe(check: FlowCheck | WireCheck): Probe | undefined {
  const { end, port } = parseTarget(check.to);
  const destination = parseIp(addressIn(end));
  const protocol = check.kind === 'flow' ? (check.protocol ?? 'TCP') : 'TCP';
  return destination === undefined ? undefined : { netns: check.from, destination, protocol, port };
}

function pingProbe(check: { readonly from: string; readonly to: string }): Probe | undefined {
  const destination = parseIp(check.to);
  return destination === undefined
    ? undefined
    : { netns: check.from, destination, protocol: 'ICMP', port: 0 };
}

/** The address in `ip:10.0.0.1`; other names as they are. */
export const addressIn = (name: string): string => name.replace(/^ip:/, '');

/** The answer for a machine that does not exist now. */
export const noMachine = (name: string): TargetAnswer<never> =>
  missing(`no machine has the name '${name}'`, 'ip netns list');

/** The answer for a destination that is not an address. */
export const notAnAddress = (text: string): TargetAnswer<never> =>
  missing(`'${text}' is not an address`, 'lab show');

const PATIENCE = { timeoutMs: 500, trace: 'off' } as const;

/** What one probe showed. */
type Seen = Pick<Observation, 'outcome' | 'answer'>;

/** Outcomes in the order asked; `undefined` for a machine that does not exist (yet). */
async function outcomesOf(
  probes: readonly Probe[],
  sandbox: Sandbox,
): Promise<readonly (Seen | undefined)[]> {
  if (probes.length === 0) return [];
  const seen = await sandbox.probe(probes, PATIENCE).catch(() => undefined);
  if (seen !== undefined) return probes.map((_, i) => seen[i]);
  if (probes.length === 1) return [undefined];
  // One missing machine fails the whole batch: then each is tried alone.
  const each: (Seen | undefined)[] = [];
  for (const probe of probes) each.push(...(await outcomesOf([probe], sandbox)));
  return each;
}

const madeFrom = (
  { name, probe }: PlannedProbe,
  seen: Seen | undefined,
): MadeAttempt | undefined =>
  seen === undefined
    ? undefined
    : {
        name,
        outcome: seen.outcome,
        ...(seen.answer !== undefined && { answer: seen.answer }),
        because: '',
        look: `lab shell ${probe.netns}: ip address, ip route, ip neigh`,
      };
