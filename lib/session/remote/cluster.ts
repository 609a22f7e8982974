import { eksAccess } from '../../account/deploy/eks-access';
import { securityGroupsOf } from '../../account/inventory/stacks';
import { runChecks } from '../../checks/run';
import type { Lab } from '../../lab/format';
import { systemClock } from '../../model/clock';
import { clusterName, stackName } from '../../model/lab-tags';
import { Failure } from '../../model/problem';
import { applyStage } from '../../targets/cluster/apply';
import { type Cluster, objectsOf, openCluster } from '../../targets/cluster/cluster';
import { type EksIds, forEks } from '../../targets/cluster/eks-objects';
import { kindName } from '../../targets/cluster/kind';
import { type RemoteView, routedHosts } from '../../targets/cluster/observable';
import { waitUntilRolledOut } from '../../targets/cluster/rollout';
import { runProgram } from '../../targets/cluster/run';
import { clusterTarget } from '../../targets/cluster/target';
import { drawnLab } from '../drawn';
import { clusterOf, stageWorld } from '../lab-world';
import { stageText } from '../stage-text';
import type { RemoteLab, UpLab } from '../types';
import { withAws } from './account';
import { nameOf, rememberRemote } from './known';
import { expectAdmission, expectAnswer } from './reach';

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
  const access = await withAws({ region }, (aws) => eksAccess(aws, clusterName(nameOf(remote))));
  return openCluster({ kind: 'endpoint', ...access });
}

/**
 * Opens a lab in its cluster and uses it.
 * @throws Failure where the cluster cannot be reached or does not admit the caller
 */
export async function withRemoteLab<T>(
  remote: RemoteLab,
  use: (up: UpLab) => Promise<T>,
): Promise<T> {
  const lab = drawnLab(remote.lab);
  const cluster = await clusterOfRemote(remote);
  await expectEntry(cluster, remote);
  return use({
    lab,
    check: (checks, progress) => {
      const view = remoteView(lab, remote.target, remote.stage);
      const worldAt = (stage: string) => stageWorld(lab, stage);
      const options = {
        cluster,
        view,
        stageWorld: worldAt,
        clock: systemClock,
        canaryImage: PROBE_IMAGE,
      };
      return runChecks(checks, { target: clusterTarget(options), progress });
    },
    solve: async (solution) => {
      if (solution.kind !== 'stage') return { kind: 'answers' };
      await moveRemote(cluster, { lab, remote, stage: solution.stage });
      return { kind: 'stage', stage: solution.stage, local: undefined };
    },
  });
}

/** What of a lab can be observed in a cluster at a stage. */
export function remoteView(
  lab: Lab<string>,
  target: RemoteLab['target'],
  stage: string,
): RemoteView {
  const { network = [] } = lab.stages.find(({ name }) => name === stage) ?? {};
  return {
    target,
    scope: { world: stageWorld(lab, stage), home: clusterOf(lab).home },
    changesVpc: network.length > 0,
    hosts: routedHosts(objectsOf(stageText(lab.id, stage, 'alone'))),
  };
}

/** Says at once where a cluster cannot be reached or does not admit the caller. */
export async function expectEntry(
  cluster: Cluster,
  remote: RemoteLab,
  deadlineMs = 10_000,
): Promise<void> {
  await expectAnswer(cluster, remote);
  await expectAdmission(cluster, remote, { clock: systemClock, deadlineMs });
}

/** A move of a lab in a cluster to another stage. */
export interface RemoteMove {
  readonly lab: Lab<string>;
  readonly remote: RemoteLab;
  readonly stage: string;
}

/** The ids of the security groups that the lab's manifests name. */
const eksIds = (remote: RemoteLab): Promise<EksIds> =>
  withAws({ region: remote.region }, async (aws) => ({
    groups: await securityGroupsOf(aws, stackName(nameOf(remote), 'network')),
  }));

/** Applies a stage over the one before and waits until it is rolled out. */
export async function moveRemote(
  cluster: Cluster,
  { lab, remote, stage }: RemoteMove,
): Promise<void> {
  const clock = systemClock;
  const written = objectsOf(stageText(lab.id, stage, 'alone'));
  const objects = remote.target === 'eks' ? forEks(written, await eksIds(remote)) : written;
  const before = remote.stage === '' ? [] : objectsOf(stageText(lab.id, remote.stage, 'alone'));
  await applyStage(cluster, { objects, before }, { clock });
  await waitUntilRolledOut(cluster, objects, { clock });
  rememberRemote({ ...remote, stage });
}

/** Moves a lab in its cluster to another stage; resolves once it is rolled out. */
export async function enterRemoteStage(remote: RemoteLab, stage: string): Promise<void> {
  const cluster = await clusterOfRemote(remote);
  await expectEntry(cluster, remote);
  await moveRemote(cluster, { lab: drawnLab(remote.lab), remote, stage });
}
