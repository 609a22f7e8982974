import type { Lab } from '../lab/format';
import type { Sandbox } from '../runtime/sandbox';
import { contextOf } from './checks/context';
import { settledChecks } from './checks/settle';
import { tryLines } from './machines/bring-up';
import { runMachineChecks } from './machines/check';
import { remoteNamed } from './remote-named';
import { inSandboxOf } from './running';
import { inSession, type Session } from './session';
import { enterStage, proofLine } from './stage';
import { ANSWERS, type UpLab } from './up-lab';

/** Uses the lab that is up: the one named, or the only one. */
export async function inUpLab<T>(
  named: string | undefined,
  use: (up: UpLab) => Promise<T>,
): Promise<T> {
  const remote = await remoteNamed(named);
  if (remote !== undefined) return loadRemote().inRemote(remote, use);
  return inSandboxOf(named, async (sandbox, lab) =>
    lab.environment.kind === 'linux'
      ? use(onMachines(lab, sandbox))
      : inSession(lab.id, (session) => use(inCluster(session))),
  );
}

/** The clients of AWS and Kubernetes are loaded by labs that need them: the others start fast. */
const loadRemote = () => require('./remote/session') as typeof import('./remote/session');

const inCluster = (session: Session): UpLab => ({
  lab: session.lab,
  check: (checks, progress) =>
    settledChecks(checks, contextOf(session.lab, session.local, progress)),
  solve: async (solution) => {
    if (solution.kind !== 'stage') return [ANSWERS];
    const proof = await enterStage(session, solution.stage, []);
    const file = `dist/${session.lab.id}/${solution.stage}.k8s.yaml`;
    return [
      `The solution is stage ${solution.stage}: ${file} after npx cdk8s synth.`,
      proofLine(solution.stage, proof),
    ];
  },
});

const onMachines = (lab: Lab<string>, sandbox: Sandbox): UpLab => ({
  lab,
  check: (checks, progress) => runMachineChecks(checks, { lab, sandbox, progress }),
  solve: async (solution) => {
    if (solution.kind !== 'commands') return [ANSWERS];
    return tryLines(sandbox, solution.commands);
  },
});
