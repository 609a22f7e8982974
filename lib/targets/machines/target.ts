import {
  answered,
  notHere,
  type PacketAddresses,
  type Target,
  type TargetAnswer,
} from '../../checks/target';
import type { WireCheck } from '../../lab/check';
import type { Lab } from '../../lab/format';
import { CNI_JUDGE } from '../../lab/plugin-fact';
import type { Sandbox } from '../../runtime/sandbox/sandbox';
import { watchPacket } from '../local/watch';
import { addressIn, attemptOnMachines, flowProbe, noMachine, notAnAddress } from './attempt';
import { LAB_HOME, machinesOf, withHome } from './bring-up';

const PODS_ONLY = 'a lab of bare Linux machines has no pods and no policies';

/** The machines of a Linux lab, as checks look at them: from outside the learner's shell. */
export function machinesTarget(lab: Lab<string>, sandbox: Sandbox): Target {
  const [first] = machinesOf(lab).machines;
  return {
    // A Linux lab has no policies: what filters is what the learner wrote, and the checks judge that.
    proveEnforcement: async () => undefined,
    attempt: (checks) => attemptOnMachines(checks, sandbox, first?.name ?? ''),
    resolve: async () => notHere(PODS_ONLY),
    addressesOf: async (name) => [addressIn(name)],
    requestHttp: async () => notHere(PODS_ONLY),
    requestMany: async () => notHere(PODS_ONLY),
    isAnswerOf: () => false,
    watch: (check) => watch(check, sandbox),
    runOn: (machine, argv) => runOn(machine, argv, sandbox),
    readObject: async () => notHere(PODS_ONLY),
    tryManifest: async () => notHere(PODS_ONLY),
    world: () => notHere(PODS_ONLY),
    required: () => notHere(PODS_ONLY),
    observe: async () => notHere(PODS_ONLY),
  };
}

async function watch(
  check: WireCheck,
  sandbox: Sandbox,
): Promise<TargetAnswer<PacketAddresses | undefined>> {
  const probe = flowProbe(check);
  if (probe === undefined) return notAnAddress(check.to);
  const { in: netns, device } = check.at;
  const { encapsulation } = check.expect;
  return answered(await watchPacket(sandbox, { probe, netns, device, encapsulation }));
}

async function runOn(
  machine: string,
  argv: readonly string[],
  sandbox: Sandbox,
): Promise<TargetAnswer<string>> {
  // The judge of plugins is a program of this project; it calls a plugin some hundred times.
  const isJudge = argv[0] === CNI_JUDGE;
  const command = isJudge ? withHome([`${LAB_HOME}/bin/${CNI_JUDGE}`, ...argv.slice(1)]) : argv;
  const ended = await sandbox
    .exec(machine, command, isJudge ? { timeoutMs: 120_000 } : {})
    .catch(() => undefined);
  return ended === undefined ? noMachine(machine) : answered(ended.stdout);
}
