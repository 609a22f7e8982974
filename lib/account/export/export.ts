import { Failure } from '../../model/problem';
import type { Aws } from '../aws';
import { clusterId, exportClusters } from './clusters';
import { exportFilters } from './filters';
import { exportGround } from './ground';
import { type AccountNetwork, lookAtWholeNetwork } from './look';
import { exportMachines } from './machines';
import { type ExportedResources, type ExportedValue, logicalId, type Refer } from './resources';

/** A CloudFormation template of what was found. */
export interface ExportedTemplate {
  readonly AWSTemplateFormatVersion: '2010-09-09';
  readonly Description: string;
  readonly Resources: ExportedResources;
}

/**
 * VPCs of an account as one CloudFormation template that every command reads: subnets, routes,
 * gateways, ACLs, groups, endpoints, clusters with their node groups, and the interfaces of every
 * other machine under its name. It only reads. It is a picture, not a way to make the VPC anew.
 *
 * Throws a `Failure` where a VPC is not in the region.
 */
export async function exportVpcs(aws: Aws, ids: readonly string[]): Promise<ExportedTemplate> {
  const network = await lookAtWholeNetwork(aws, ids);
  const found = new Set(network.vpcs.map(({ VpcId }) => VpcId));
  const missing = ids.filter((id) => !found.has(id));
  if (missing.length > 0) {
    const what = `${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not in ${aws.region}`;
    throw new Failure('no-vpc', what, 'aws ec2 describe-vpcs lists them; --region looks elsewhere');
  }
  return templateOf(network, `${ids.join(', ')} of ${aws.region}, as found`);
}

/** What was found, as a template. */
export const templateOf = (network: AccountNetwork, Description: string): ExportedTemplate => ({
  AWSTemplateFormatVersion: '2010-09-09',
  Description,
  Resources: resourcesOf(network),
});

/** Two passes: what a thing is called is known once all things are. */
function resourcesOf(network: AccountNetwork): ExportedResources {
  const plain: Refer = (id) => id ?? '';
  const known = new Set(Object.keys(allOf(network, plain)));
  const groups = new Map(
    network.clusters.map(({ cluster }) => [
      cluster.resourcesVpcConfig?.clusterSecurityGroupId,
      clusterId(cluster.name ?? ''),
    ]),
  );
  const refer = (id = ''): ExportedValue => {
    const cluster = groups.get(id);
    if (cluster !== undefined) return { 'Fn::GetAtt': [cluster, 'ClusterSecurityGroupId'] };
    return known.has(logicalId(id)) ? { Ref: logicalId(id) } : id;
  };
  return allOf(network, refer);
}

const allOf = (network: AccountNetwork, refer: Refer): ExportedResources => ({
  ...exportGround(network, refer),
  ...exportFilters(network, refer),
  ...exportMachines(network, refer),
  ...exportClusters(network, refer),
});
