import { labs } from '../../labs';
import type { Flow } from '../../lib/model/flow';
import { uniqueBy } from '../../lib/model/unique';
import { applicationFlows } from '../../lib/session/application';
import { stageWorld } from '../../lib/session/lab-world';
import { flow } from '../build/manifests';
import {
  conntrack,
  type DeliveredFile,
  goldmane,
  hubble,
  vpcFlowLog,
  whisker,
} from './delivered-records';

function worldOfStage(id: string, stage: string) {
  const lab = labs.find((one) => one.id === id);
  if (lab === undefined) throw new Error(`there is no lab ${id}`);
  return { lab, world: stageWorld(lab, stage) };
}

/** The application’s calls in the open stage, by every source that the lab names. */
function mapped(id: string): readonly DeliveredFile[] {
  const { lab, world } = worldOfStage(id, 'open');
  const delivered = { world, flows: applicationFlows(lab, world) };
  return [
    whisker(delivered, 'list'),
    goldmane(delivered),
    hubble(delivered),
    vpcFlowLog(delivered),
    conntrack(delivered, 'node-a'),
  ];
}

/** The same calls while the draft of `zt-2-audit` is staged: Whisker’s pending policies deny some. */
function audited(): readonly DeliveredFile[] {
  const { lab, world } = worldOfStage('zt-2-audit', 'draft');
  return [whisker({ world, flows: applicationFlows(lab, world) }, 'list')];
}

/** Calls and what an attacker tries from `debug`, once `obs-1-observe` is enforced. */
function observed(): readonly DeliveredFile[] {
  const { lab, world } = worldOfStage('obs-1-observe', 'enforced');
  const tried: readonly Flow[] = [
    flow('shop/debug-0', 'shop/db-0', 5432),
    flow('shop/debug-0', 'ip:203.0.113.66', 443),
    flow('monitoring/prometheus-0', 'payments/billing-0', 8443),
    flow('shop/api-0', 'ip:198.51.100.20', 443),
  ];
  const flows = uniqueBy([...applicationFlows(lab, world), ...tried], (one) => JSON.stringify(one));
  const delivered = { world, flows };
  return [whisker(delivered, 'stream'), hubble(delivered), vpcFlowLog(delivered)];
}

/** Each lab's files. */
export const labRecords = (): Readonly<Record<string, readonly DeliveredFile[]>> => ({
  'zt-1-map': mapped('zt-1-map'),
  'zt-2-audit': audited(),
  'obs-1-observe': observed(),
});
