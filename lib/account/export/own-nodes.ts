import type { Instance } from '@aws-sdk/client-ec2';
import { tagsOf } from '../tags';
import type { AccountNetwork, RunningCluster } from './look';
import { type NamedResource, present, type Refer, resource } from './resources';

/**
 * A cluster's nodes that no managed node group starts (self-managed, Karpenter, EKS Auto Mode): a
 * scaling group for all that stand in one subnet with the same groups and metadata options.
 */
export function exportOwnNodes(
  { cluster: { name = '' } }: RunningCluster,
  { instances }: Pick<AccountNetwork, 'instances'>,
  { id, refer }: { readonly id: string; readonly refer: Refer },
): readonly NamedResource[] {
  const alike = new Map<string, Instance[]>();
  for (const instance of instances.filter((one) => isOwnNode(one, name))) {
    const key = JSON.stringify([instance.SubnetId, groupsOf(instance), metadataOf(instance)]);
    alike.set(key, [...(alike.get(key) ?? []), instance]);
  }
  return [...alike.values()].flatMap((all, i) =>
    scalingGroup(all, { id: `${id}Own${i}`, name, refer }),
  );
}

/** Tags that nodes of a managed node group carry, and those of all others. */
function isOwnNode({ Tags, State }: Instance, cluster: string): boolean {
  const tags = tagsOf(Tags);
  const isManaged = tags['eks:nodegroup-name'] ?? tags['eks:cluster-name'];
  const isNode =
    tags[`kubernetes.io/cluster/${cluster}`] !== undefined ||
    tags['eks:eks-cluster-name'] === cluster;
  return isNode && isManaged === undefined && !/^(shutting|term)/.test(State?.Name ?? '');
}

const groupsOf = ({ SecurityGroups = [] }: Instance): readonly string[] =>
  SecurityGroups.flatMap(({ GroupId }) => GroupId ?? []).sort();

const metadataOf = ({ MetadataOptions: options }: Instance) => ({
  HttpEndpoint: options?.HttpEndpoint,
  HttpTokens: options?.HttpTokens,
  HttpPutResponseHopLimit: options?.HttpPutResponseHopLimit,
});

function scalingGroup(
  all: readonly Instance[],
  { id, name, refer }: { readonly id: string; readonly name: string; readonly refer: Refer },
): readonly NamedResource[] {
  const [first] = all;
  if (first?.SubnetId === undefined) return [];
  const size = String(all.length);
  return [
    [
      `${id}Template`,
      resource('AWS::EC2::LaunchTemplate', {
        LaunchTemplateData: {
          SecurityGroupIds: groupsOf(first).map(refer),
          MetadataOptions: present(metadataOf(first)),
        },
      }),
    ],
    [
      id,
      resource('AWS::AutoScaling::AutoScalingGroup', {
        MinSize: size,
        MaxSize: size,
        DesiredCapacity: size,
        VPCZoneIdentifier: [refer(first.SubnetId)],
        LaunchTemplate: { LaunchTemplateId: refer(`${id}Template`), Version: '1' },
        Tags: [{ Key: `kubernetes.io/cluster/${name}`, Value: 'owned', PropagateAtLaunch: true }],
      }),
    ],
  ];
}
