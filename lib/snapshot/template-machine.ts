import type { Subnet } from '../model/vpc';
import type { Form } from './template-form';
import { FORMS, MACHINE_TYPES } from './template-machine-forms';
import type { Ground } from './template-network';
import { type Resource, type Resources, remark } from './template-resource';

/** A machine of a template's own with interfaces in a VPC: an instance, a database, a function. */
export interface Machine extends Form {
  /** What flows call it. */
  readonly name: string;
  readonly resource: Resource;
  readonly homes: readonly Subnet[];
  /** How many interfaces the machines before it have. */
  readonly index: number;
}

/** Reads the machines of all templates; one whose subnets are in none stands nowhere, and is said. */
export function readMachines(
  resources: Resources,
  grounds: readonly Ground[],
  /** Ids of groups whose machines are a cluster's nodes. */
  nodeGroups: ReadonlySet<string>,
): readonly Machine[] {
  const subnets = new Map(grounds.flatMap((ground) => ground.subnets.map((s) => [s.id, s])));
  const found = MACHINE_TYPES.flatMap((type) =>
    resources.ofType(type).flatMap((resource) => {
      const form = FORMS[type]?.(resource, resources);
      return form === undefined || nodeGroups.has(resource.id) ? [] : [{ ...form, resource }];
    }),
  );
  const count = (name: string): number =>
    found.filter(({ resource }) => resource.name === name).length;
  let index = 0;
  return found.flatMap((one): Machine[] => {
    const { resource } = one;
    const homes = one.subnets.flatMap((id) => subnets.get(id) ?? []);
    if (homes.length === 0) {
      const fix = 'give the template that makes its subnets as well';
      remark(resources, resource, 'its subnets are in no template: it stands nowhere', fix);
      return [];
    }
    const name = count(resource.name) > 1 ? resource.id : resource.name;
    const machine = { ...one, name, homes, index };
    index += homes.length;
    return [machine];
  });
}
