import { type PlanOptions, planStage, planWorld } from '../../dataplane/plan';
import type { Observation } from '../../dataplane/probe';
import { probeOf } from '../../dataplane/probes';
import type { Ip } from '../../model/address';
import type { Datapath } from '../../model/datapath';
import type { Flow } from '../../model/flow';
import { impossibleEnd, isImpossible } from '../../model/impossible-end';
import type { World } from '../../model/world';
import type { Seen } from '../../report/comparison';
import type { Sandbox } from '../../runtime/sandbox/sandbox';

/** Should the kernel say which rules a packet met? It costs a trace socket per namespace. */
export type Tracing = 'off' | 'on';

/** Silence that counts as a denial; every round trip here is far below a millisecond. */
const SILENCE_MS = 200;

/** A world brought up on this machine's kernel. */
export interface Local {
  readonly sandbox: Sandbox;
  /** The world that the sandbox shows now. */
  readonly world: () => World;
  /**
   * Moves to another stage of the same lab: one switch of policies, connections forgotten; everything
   * anew where packets travel another way from then on.
   */
  readonly moveTo: (next: World, move?: Move) => Promise<void>;
  /** Tries every flow with real packets, in the order asked. */
  readonly observe: (flows: readonly Flow[], trace: Tracing) => Promise<readonly Seen[]>;
}

/** How to move. */
export interface Move {
  /** @default the way packets travelled before */
  readonly datapath?: Datapath;
  /** What the sandbox says of itself once it has moved. */
  readonly note?: string;
}

/** Called while a plan is carried out: how many commands are done, and how many there are. */
export type PlanProgress = (done: number, total: number) => void;

/** Brings a world up in an open sandbox. */
export async function bringUp(
  sandbox: Sandbox,
  world: World,
  options: PlanOptions = {},
  onProgress?: PlanProgress,
): Promise<Local> {
  const plan = planWorld(world, options);
  await sandbox.run(plan, {
    shows: shownAs(world, options.datapath),
    onProgress: (done) => onProgress?.(done, plan.length),
  });
  return attachWorld(sandbox, world, options);
}

/** A sandbox that already shows this world, brought up with these options. */
export function attachWorld(sandbox: Sandbox, world: World, options: PlanOptions = {}): Local {
  let current = world;
  let datapath = options.datapath;
  return {
    sandbox,
    world: () => current,
    moveTo: async (next, { datapath: nextDatapath = datapath, note } = {}) => {
      const how = { ...options, datapath: nextDatapath, datapathBefore: datapath };
      const shows = shownAs(next, nextDatapath);
      await sandbox.run(planStage(current, next, how), {
        shows,
        ...(note !== undefined && { note }),
      });
      [current, datapath] = [next, nextDatapath];
    },
    observe: async (flows, trace) => {
      const untried = flows.map((flow) => notTried(flow, current));
      const tried = flows.filter((_, i) => untried[i] === undefined);
      const probes = tried.map((flow) => probeOf(current, flow));
      const observed = await sandbox.probe(probes, { trace, timeoutMs: SILENCE_MS });
      const seen = observed.map(seenIn).values();
      return untried.flatMap((one) => one ?? seen.next().value ?? []);
    },
  };
}

/** What is known of a flow that is not tried: no packet can be it, or none is made here. */
function notTried(flow: Flow, world: World): Seen | undefined {
  const impossible = impossibleEnd(flow, world);
  if (impossible !== undefined) return { outcome: 'unreachable', met: [], reason: impossible };
  const { icmp } = flow;
  if (icmp === undefined || icmp.type === 8 || icmp.type === 128) return undefined;
  const reason = `only echo requests are sent, not ICMP type ${icmp.type}`;
  return { outcome: 'unsupported', met: [], reason };
}

const shownAs = (world: World, datapath: Datapath | undefined) => ({
  world,
  ...(datapath !== undefined && { datapath }),
});

/** The addresses that flows name: the local network gives each of them a host. */
export const addressesIn = (flows: readonly Flow[]): readonly Ip[] => [
  ...new Set(
    flows.flatMap(({ from, to }) =>
      [from, to].flatMap((end) =>
        end.kind === 'ip' && !isImpossible(end.address) ? [end.address] : [],
      ),
    ),
  ),
];

const seenIn = ({ outcome, trace, reason }: Observation): Seen => ({
  outcome,
  met: trace.map(({ netns, comment, verdict }) => ({ where: netns, rule: comment, verdict })),
  ...(reason === undefined ? {} : { reason }),
});
