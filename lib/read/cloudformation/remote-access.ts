import type { SecurityGroup, SecurityGroupRule } from '../../model/vpc';
import { EVERYWHERE } from './filter';
import { idsAt, mapAt, type Resource, type Resources } from './resource';
import { isUnknown } from './value';

/**
 * The group that EKS makes where a node group names an SSH key: port 22, from the groups it names or
 * from everywhere (EKS API, RemoteAccessConfig).
 */
export const remoteGroup = (nodeGroup: Resource): string => `${nodeGroup.id}.remote-access`;

/** The ids of that group; none where the node group allows no remote access. */
export const remoteGroups = (nodeGroup: Resource): readonly string[] =>
  hasRemoteAccess(nodeGroup) ? [remoteGroup(nodeGroup)] : [];

function hasRemoteAccess({ properties }: Resource): boolean {
  if (isUnknown(properties.RemoteAccess)) return true;
  return mapAt(properties, 'RemoteAccess').Ec2SshKey !== undefined;
}

/** The groups that EKS makes for the SSH keys of a VPC's node groups. */
export const remoteAccessGroups = (
  resources: Resources,
  theirs: ReadonlySet<string>,
): readonly SecurityGroup[] =>
  resources
    .ofType('AWS::EKS::Nodegroup')
    .filter((group) => theirs.has(group.id) && hasRemoteAccess(group))
    .map((group) => ({
      id: remoteGroup(group),
      name: `remote access of ${group.name}`,
      ingress: sshRules(group),
      egress: [],
    }));

function sshRules({ properties }: Resource): readonly SecurityGroupRule[] {
  const access = mapAt(properties, 'RemoteAccess');
  const ssh = { protocol: 6, ports: { first: 22, last: 22 } } as const;
  const doubt = [properties.RemoteAccess, access.Ec2SshKey].find(isUnknown);
  const rest = doubt === undefined ? ssh : { ...ssh, unknown: doubt.unknown };
  const named = idsAt(access, 'SourceSecurityGroups');
  if (named.length === 0)
    return [4, 6].map((family) => ({
      ...rest,
      peer: { kind: 'cidr', cidr: EVERYWHERE[family === 4 ? 4 : 6] },
    }));
  return named.map((id) => ({ ...rest, peer: { kind: 'security-group', id } }));
}
