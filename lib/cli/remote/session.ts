import { synthesizeStage } from '../../../charts';
import { openAws } from '../../account/aws';
import { eksAccess } from '../../account/eks-access';
import { applyStage } from '../../cluster/apply';
import { checkEnforcement } from '../../cluster/canary';
import { runChecks } from '../../cluster/check';
import { type Cluster, objectsOf, openCluster } from '../../cluster/cluster';
import { kindName } from '../../cluster/kind';
import { waitUntilRolledOut } from '../../cluster/rollout';
import { runProgram } from '../../cluster/run';
import type { Check } from '../../lab/check';
import type { CheckResult } from '../../lab/check-result';
import type { Lab } from '../../lab/format';
import type { LabProgress } from '../../lab/progress';
import { systemClock } from '../../model/clock';
import { clusterName } from '../../model/lab-tags';
import { Failure } from '../../model/problem';
import { awsFailure } from '../aws-failure';
import { checkTyped } from '../checks/answer';
import { drawnLab } from '../drawn';
import { clusterOf, stageWorld } from '../lab-world';
import { ANSWERS, type UpLab } from '../up-lab';
import { nameOf, type RemoteLab, rememberRemote } from './known';
import { expectAnswer } from './reach';

/** Image of the probes and the canary: the one of the lab's own pods. */
const PROBE_IMAGE = 'registry.k8s.io/e2e-test-images/agnhost:2.53';

/** Opens the cluster that a lab runs in, with the caller's own credentials. */
export async function clusterOfRemote(remote: RemoteLab): Promise<Cluster> {
  const { lab, target, region } = remote;
  if (target === 'kind') {
    const name = kindName(lab);
    const { code, stdout, stderr } = await runProgram('kind', [
      'get',
      'kubeconfig',
      '--name',
      name,
    ]);
    if (code === 0) return openCluster({ kind: 'kubeconfig', text: stdout });
    throw new Failure('no-kind', stderr.trim(), `lab up ${lab} --target kind`);
  }
  const aws = openAws({ region });
  try {
    return openCluster({
      kind: 'endpoint',
      ...(await eksAccess(aws, clusterName(nameOf(remote)))),
    });
  } catch (error) {
    throw awsFailure(error);
  } finally {
    aws.close();
  }
}

/** Uses a lab in its cluster; the first look proves that policies are enforced there at all. */
export async function inRemote<T>(remote: RemoteLab, use: (up: UpLab) => Promise<T>): Promise<T> {
  const lab = drawnLab(remote.lab);
  const cluster = await clusterOfRemote(remote);
  await expectAnswer(cluster, remote);
  return use({
    lab,
    check: (checks, progress) => checkIn(cluster, { lab, remote, checks, progress }),
    solve: async (solution) => {
      if (solution.kind !== 'stage') return [ANSWERS];
      await moveRemote(cluster, { lab, remote, stage: solution.stage });
      return [`The solution is stage ${solution.stage}: applied, and rolled out.`];
    },
  });
}

interface Asked {
  readonly lab: Lab<string>;
  readonly remote: RemoteLab;
  readonly checks: readonly Check[];
  readonly progress: LabProgress | undefined;
}

async function checkIn(cluster: Cluster, asked: Asked): Promise<readonly CheckResult[]> {
  const { lab, remote, checks, progress } = asked;
  const clock = systemClock;
  await checkEnforcement(cluster, { clock, image: PROBE_IMAGE });
  const scope = { world: stageWorld(lab, remote.stage), home: clusterOf(lab).home };
  const results = await runChecks(checks, { cluster, scope, clock });
  return results.map((result, i) => {
    const check = checks[i];
    return check?.kind === 'answer' ? checkTyped(check, progress, []) : result;
  });
}

interface Move {
  readonly lab: Lab<string>;
  readonly remote: RemoteLab;
  readonly stage: string;
}

/** Applies a stage over the one before and waits until it is rolled out. */
export async function moveRemote(cluster: Cluster, { lab, remote, stage }: Move): Promise<void> {
  const clock = systemClock;
  const objects = objectsOf(synthesizeStage(lab.id, stage, 'alone'));
  const before =
    remote.stage === '' ? [] : objectsOf(synthesizeStage(lab.id, remote.stage, 'alone'));
  await applyStage(cluster, { objects, before }, { clock });
  await waitUntilRolledOut(cluster, objects, { clock });
  rememberRemote({ ...remote, stage });
}
