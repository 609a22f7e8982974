import type { Flow } from '../model/flow';
import { Failure } from '../model/problem';
import type { World } from '../model/world';
import { createEngine } from '../reach/engine';
import { calicoFlowLogs } from '../records/calico';
import { arrivals } from '../records/ends';
import type { RecordFormat } from '../records/record';
import { VPC_FIELDS, vpcFlowLog } from '../records/vpc';
import { observedAnswer } from '../report/answer';
import { type Compared, compared, type Seen } from '../report/comparison';

/** Records of flows that were tried, one a line. */
export interface Recording {
  readonly lines: readonly string[];
  /** Flows that went otherwise than predicted: a log would name the wrong place, so they have none. */
  readonly differing: readonly Compared[];
}

/** The flows to try for a format: a flow log names the endpoint that a packet reaches, not its Service. */
export const flowsToTry = (
  world: World,
  flows: readonly Flow[],
  format: RecordFormat,
): readonly Flow[] =>
  format === 'answers' ? flows : flows.flatMap((flow) => arrivals(world, flow));

/** What was tried, how it went, and when. */
export interface Attempts {
  readonly flows: readonly Flow[];
  /** In the order of the flows. */
  readonly seen: readonly Seen[];
  readonly at: Date;
}

/**
 * Writes attempts in a format. Packets say whether a flow passes, the engine which device and policy
 * decided; a log needs both, and is written where the two agree.
 *
 * @throws Failure `no-vpc` where a VPC's log is asked for and there is no VPC.
 */
export function writeRecords(world: World, attempts: Attempts, format: RecordFormat): Recording {
  if (format === 'vpc' && world.vpcs.length === 0) throw noVpc();
  const { flows, seen, at } = attempts;
  const enforced = createEngine(world, { staged: 'as-written' });
  const promoted = createEngine(world, { staged: 'as-enforced' });
  const all = flows.flatMap((flow, i) => {
    const one = seen[i];
    return one === undefined ? [] : [compared(enforced.explain(flow), one)];
  });
  const differing = all.filter(({ agreement }) => agreement === 'differs');
  const agreed = all.filter(({ agreement }) => agreement === 'agrees');
  switch (format) {
    case 'answers':
      return {
        lines: all.map((one) => JSON.stringify(observedAnswer(one.flow, one.seen))),
        differing,
      };
    case 'calico': {
      const logs = agreed.flatMap(({ flow, predicted }) =>
        calicoFlowLogs(world, { enforced: predicted, pending: promoted.explain(flow), at }),
      );
      return { lines: logs.map((log) => JSON.stringify(log)), differing };
    }
    case 'vpc': {
      const records = agreed.flatMap(({ predicted, seen: { outcome } }, index) =>
        vpcFlowLog(world, { explanation: predicted, outcome, at, index }),
      );
      return { lines: [VPC_FIELDS.join(' '), ...records], differing };
    }
  }
}

const noVpc = (): Failure =>
  new Failure(
    'no-vpc',
    'there is no VPC around these pods, so no flow log of one',
    'name its templates with --template, or use --format calico',
  );
