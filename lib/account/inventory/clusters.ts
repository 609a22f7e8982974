import {
  type Cluster,
  DescribeClusterCommand,
  DescribeFargateProfileCommand,
  DescribeNodegroupCommand,
  type EKSClient,
  paginateListClusters,
  paginateListFargateProfiles,
  paginateListNodegroups,
} from '@aws-sdk/client-eks';
import { clusterNames } from '../../model/lab-tags';
import type { Aws } from '../aws';
import { collect, unlessGone } from '../collect';
import { HOURLY } from '../cost/prices';
import { inParallel } from '../parallel';
import type { Leftover, LeftoverKind, Status } from './leftover';
import type { Search } from './types';

/** The lab's cluster by name, any other in its VPC, and what runs nodes for them. */
export async function lookAtClusters({ eks }: Aws, search: Search): Promise<readonly Leftover[]> {
  const names = await collect(paginateListClusters({ client: eks }, {}), (page) => page.clusters);
  const found = await inParallel(names, (name) => lookAtCluster(eks, name, search));
  return found.flat();
}

async function lookAtCluster(
  client: EKSClient,
  name: string,
  { lab, vpcs }: Search,
): Promise<readonly Leftover[]> {
  const answer = await unlessGone(client.send(new DescribeClusterCommand({ name })));
  const cluster = answer?.cluster;
  const vpc = cluster?.resourcesVpcConfig?.vpcId;
  if (cluster === undefined) return [];
  if (!clusterNames(lab).includes(name) && !vpcs.includes(vpc ?? '')) return [];
  const self = leftover('cluster', name, { cluster, ...cluster, perHour: HOURLY.cluster });
  return [self, ...(await lookAtNodeGroups(client, cluster))];
}

/** Node groups are named `<cluster>/<group>` here, as CloudFormation names them. */
async function lookAtNodeGroups(client: EKSClient, cluster: Cluster): Promise<readonly Leftover[]> {
  const { name: clusterName = '' } = cluster;
  const groups = await unlessGone(
    collect(paginateListNodegroups({ client }, { clusterName }), (page) => page.nodegroups),
  );
  const profiles = await unlessGone(
    collect(paginateListFargateProfiles({ client }, { clusterName }), (p) => p.fargateProfileNames),
  );
  const found = await Promise.all([
    inParallel(groups ?? [], async (nodegroupName) => {
      const command = new DescribeNodegroupCommand({ clusterName, nodegroupName });
      const group = (await unlessGone(client.send(command)))?.nodegroup;
      const at = { ...group, cluster, perHour: 0 };
      return group && leftover('node-group', `${clusterName}/${nodegroupName}`, at);
    }),
    inParallel(profiles ?? [], async (fargateProfileName) => {
      const command = new DescribeFargateProfileCommand({ clusterName, fargateProfileName });
      const profile = (await unlessGone(client.send(command)))?.fargateProfile;
      const at = { ...profile, cluster, perHour: 0 };
      return profile && leftover('fargate-profile', `${clusterName}/${fargateProfileName}`, at);
    }),
  ]);
  return found.flat().flatMap((item) => item ?? []);
}

function leftover(
  kind: LeftoverKind,
  id: string,
  at: {
    readonly cluster: Cluster;
    readonly tags?: Readonly<Record<string, string>>;
    readonly status?: string;
    readonly perHour: number;
  },
): Leftover {
  const vpc = at.cluster.resourcesVpcConfig?.vpcId;
  const status: Status =
    at.status === 'DELETE_FAILED'
      ? { kind: 'failed', reason: 'EKS gave up deleting it' }
      : { kind: at.status === 'DELETING' ? 'going' : 'idle' };
  const vpcs = vpc === undefined ? [] : [vpc];
  const tags = { ...at.tags, 'eks:cluster-name': at.cluster.name ?? '' };
  return { kind, id, name: id, tags, vpcs, status, perHour: at.perHour };
}
