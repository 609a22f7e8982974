import { isUnknownId, unknownIdText } from '../../model/unknown-id';
import type { Subnet } from '../../model/vpc';
import type { Form } from './form';
import { FORMS, MACHINE_TYPES } from './machine-forms';
import type { Ground } from './network';
import { type Resource, type Resources, remark } from './resource';

/** A machine of a template's own with interfaces in a VPC: an instance, a database, a function. */
export interface Machine extends Form {
  /** What flows call it. */
  readonly name: string;
  readonly resource: Resource;
  readonly homes: readonly Subnet[];
  /** How many interfaces the machines before it have. */
  readonly index: number;
}

/** The machines of all templates, and those that may stand anywhere. */
export interface Machines {
  readonly placed: readonly Machine[];
  /** What may stand in a subnet that is not known. */
  readonly unplaced: readonly string[];
}

/** Reads the machines of all templates; one whose subnets are in none stands nowhere, and is said. */
export function readMachines(
  resources: Resources,
  grounds: readonly Ground[],
  /** Ids of groups whose machines are a cluster's nodes. */
  nodeGroups: ReadonlySet<string>,
): Machines {
  const subnets = new Map(grounds.flatMap((ground) => ground.subnets.map((s) => [s.id, s])));
  const found = MACHINE_TYPES.flatMap((type) =>
    resources.ofType(type).flatMap((resource) => {
      const forms = nodeGroups.has(resource.id) ? [] : (FORMS[type]?.(resource, resources) ?? []);
      return forms.map((form) => ({ ...form, resource }));
    }),
  );
  const twins = (one: Resource): number =>
    new Set(found.filter(({ resource }) => resource.name === one.name).map((f) => f.resource)).size;
  const unplaced: string[] = [];
  let index = 0;
  const placed = found.flatMap((one): Machine[] => {
    const { resource } = one;
    const homes = one.subnets.flatMap((id) => subnets.get(id) ?? []);
    const name = twins(resource) > 1 ? resource.id : resource.name;
    const doubt = one.subnets.find(isUnknownId);
    if (doubt !== undefined) unplaced.push(`${name}, whose subnet is ${unknownIdText(doubt)}`);
    if (homes.length === 0) {
      sayNowhere(resources, resource, doubt);
      return [];
    }
    const machine = { ...one, name, homes, index };
    index += homes.length;
    return [machine];
  });
  return { placed, unplaced };
}

function sayNowhere(resources: Resources, resource: Resource, doubt: string | undefined): void {
  const fix = 'give the template that makes its subnets as well';
  const problem =
    doubt === undefined
      ? 'its subnets are in no template: it stands nowhere'
      : `it stands nowhere, because its subnet is not known: ${unknownIdText(doubt)}`;
  remark(resources, resource, problem, fix);
}
