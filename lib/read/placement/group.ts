import type { SecurityGroup, Vpc } from '../../model/vpc';

/** A group may be named by its id, its name or its logical id; an unknown one stays as written. */
export function groupId({ securityGroups }: Pick<Vpc, 'securityGroups'>, name: string): string {
  const known = (group: SecurityGroup): boolean =>
    group.id === name || group.name === name || group.id.endsWith(`.${name}`);
  return securityGroups.find(known)?.id ?? name;
}
