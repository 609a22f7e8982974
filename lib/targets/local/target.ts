import {
  answered,
  missing,
  notHere,
  type PacketAddresses,
  type Target,
  type TargetAnswer,
} from '../../checks/target';
import { netnsOf } from '../../dataplane/commands/names';
import { probeOf } from '../../dataplane/probes';
import type { DistributionCheck, WireCheck } from '../../lab/check';
import { flowsOf, type NameScope } from '../../lab/resolve';
import type { World } from '../../model/world';
import { attemptFlows } from './attempt';
import { checkEnforcement } from './canary';
import { addressesOf, endpointName, endpointsOf, isAt } from './endpoints';
import { readFact } from './facts';
import { requestHttp } from './http';
import type { Local } from './local';
import { resolveFrom } from './resolve';
import { watchPacket } from './watch';

const CLUSTER_ONLY = 'only a cluster has an API server: lab up --target kind';
const MACHINES_ONLY = 'it looks into a machine; a cluster lab has pods';

/** What a lab says beside the world that its network shows. */
export interface LabNames {
  /** Namespace of names of the lab that say none. */
  readonly home: string;
  /** The world of one of the lab's stages. @throws Failure where it has no such stage */
  readonly stageWorld: (stage: string) => World;
}

/** A cluster lab on this machine's kernel, as checks look at it. */
export function localTarget(local: Local, { home, stageWorld }: LabNames): Target {
  const { sandbox } = local;
  const scopeNow = (): NameScope => ({ world: local.world(), home });
  return {
    proveEnforcement: () => checkEnforcement(sandbox),
    attempt: (checks) => attemptFlows(checks, local, scopeNow()),
    resolve: (from, name) => resolveFrom({ from, name }, sandbox, scopeNow()),
    addressesOf: async (name) => addressesOf(name, scopeNow()),
    requestHttp: (check) => requestHttp(check, sandbox, scopeNow()),
    requestMany: (check) => requestMany(check, local, scopeNow()),
    isAnswerOf: (text, name) =>
      endpointsOf(name, scopeNow()).map(endpointName).includes(text.trim()),
    watch: (check) => watch(check, local, scopeNow()),
    runOn: async () => notHere(MACHINES_ONLY),
    readObject: async () => notHere(CLUSTER_ONLY),
    tryManifest: async () => notHere(CLUSTER_ONLY),
    world: () => answered(scopeNow()),
    required: (stage) => answered(stageWorld(stage)),
    observe: async (fact, of) => {
      const scope = scopeNow();
      const { world } = scope;
      const read = endpointsOf(of, scope).map((one) => readFact(fact, one, { sandbox, world }));
      return answered(await Promise.all(read));
    },
  };
}

/** Silence that counts as no answer to one of many requests, in milliseconds. */
const SILENCE_MS = 300;

async function requestMany(
  check: DistributionCheck,
  { sandbox }: Local,
  scope: NameScope,
): Promise<TargetAnswer<readonly string[]>> {
  const [flow] = flowsOf(check, scope);
  if (flow === undefined) {
    return missing(`no pod has the name ${check.from} or ${check.to}`, 'lab matrix');
  }
  const probe = probeOf(scope.world, flow);
  const probes = Array.from({ length: check.requests }, () => probe);
  const observations = await sandbox.probe(probes, { trace: 'off', timeoutMs: SILENCE_MS });
  return answered(observations.map(({ answer = '' }) => answer));
}

/**
 * Where the check watches `at` the workload that the flow goes to, the pod of it is watched that this
 * flow goes to.
 */
async function watch(
  check: WireCheck,
  { sandbox }: Local,
  scope: NameScope,
): Promise<TargetAnswer<PacketAddresses | undefined>> {
  const [flow] = flowsOf(check, scope);
  const places = endpointsOf(check.at.in, scope);
  const place =
    places.find((one) => flow !== undefined && isAt(one, flow.to)) ??
    places.find((one) => flow !== undefined && isAt(one, flow.from)) ??
    places[0];
  if (flow === undefined || place === undefined) {
    const names = `${check.from}, ${check.to} or ${check.at.in}`;
    return missing(`no pod has the name ${names}`, 'lab matrix');
  }
  const packet = await watchPacket(sandbox, {
    probe: probeOf(scope.world, flow),
    netns: netnsOf(place),
    device: check.at.device,
    encapsulation: check.expect.encapsulation,
  });
  return answered(packet);
}
