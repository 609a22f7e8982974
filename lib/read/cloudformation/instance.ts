import type { Form } from './form';
import { launchTemplateOf, templateInterface } from './launch';
import { instancesOf, readPublic } from './public';
import {
  flagAt,
  idsAt,
  knownText,
  listAt,
  numberAt,
  type Resource,
  type Resources,
} from './resource';
import { isUnknown, isValueMap, unknown, type ValueMap } from './value';

/** An interface that is a resource of its own; it answers for the instance whose primary one it is. */
export function interfaceForms(
  { id, properties }: Resource,
  resources: Resources,
): readonly Form[] {
  const instances = instancesOf(resources, id);
  const form = interfaceForm(properties);
  const holder = { ids: [id, ...instances.map((one) => one.id)], address: form.addresses?.[0] };
  return [
    {
      ...form,
      ...readPublic(resources, holder),
      public: false,
      serves: [],
      ...(instances.length === 0 ? {} : { aliases: instances.map(({ name }) => name) }),
    },
  ];
}

/** The interfaces that EC2 makes with an instance: the primary one first, whatever their order. */
export function instanceForms(resource: Resource, resources: Resources): readonly Form[] {
  const properties = withTemplate(resource.properties, resources);
  const entries = listAt(properties, 'NetworkInterfaces').filter(isValueMap).toSorted(byDevice);
  const [first] = entries;
  if (first === undefined) {
    const form = { ...interfaceForm(properties), ...groups(properties, 'SecurityGroupIds') };
    return [granted(resource, resources, form, publicOf(properties))];
  }
  return entries.flatMap((entry, i): Form[] => {
    // An interface of its own resource is read there.
    if (entry.NetworkInterfaceId !== undefined) return [];
    const form = interfaceForm(entry);
    if (i === 0) return [granted(resource, resources, form, publicOf(entry))];
    const part = `eth${String(entry.DeviceIndex ?? i)}`;
    return [{ ...form, public: false, serves: [], part }];
  });
}

type Placed = Omit<Form, 'public' | 'serves'>;

const granted = (
  { id }: Resource,
  resources: Resources,
  form: Placed,
  isPublic: Form['public'],
): Form => ({
  ...form,
  ...readPublic(resources, { ids: [id], address: form.addresses?.[0] }),
  public: isPublic,
  serves: [],
});

/** Device 0 is the primary interface (EC2 user guide, network interfaces). */
function byDevice(a: ValueMap, b: ValueMap): number {
  const [x, y] = [a, b].map((one) => numberAt(one, 'DeviceIndex'));
  return (typeof x === 'number' ? x : 0) - (typeof y === 'number' ? y : 0);
}

/** Whether EC2 gives a public address: as the interface says, else as its subnet does. */
function publicOf(entry: ValueMap): Form['public'] {
  if (entry.AssociatePublicIpAddress === undefined) return 'as-subnet';
  return flagAt(entry, 'AssociatePublicIpAddress');
}

/**
 * An instance's properties with those of its launch template where it has none of its own. A
 * template that is not given may say anything: the groups and public address are then not known.
 */
function withTemplate(properties: ValueMap, resources: Resources): ValueMap {
  const named = properties.LaunchTemplate;
  if (named === undefined) return properties;
  const template = launchTemplateOf(resources, isValueMap(named) ? named : {});
  if (template === undefined || isUnknown(named)) {
    const what = isUnknown(named) ? named.unknown : 'a launch template that is in no template';
    const hidden = { SecurityGroupIds: [unknown(what)], AssociatePublicIpAddress: unknown(what) };
    return { ...hidden, ...properties };
  }
  const own = templateInterface(template);
  const overridden = ['SubnetId', 'SecurityGroupIds', 'NetworkInterfaces', 'PrivateIpAddress'];
  const kept = Object.fromEntries(
    Object.entries(properties).filter(([key]) => overridden.includes(key)),
  );
  return { ...own, ...kept };
}

/** Where an interface stands and what it carries, in the words of every resource that has one. */
export function interfaceForm(from: ValueMap): Placed {
  const listed = listAt(from, 'PrivateIpAddresses').filter(isValueMap);
  const primary = listed.toSorted((a, b) => Number(isPrimary(b)) - Number(isPrimary(a)));
  const own = knownText(from, 'PrivateIpAddress');
  const addresses = [
    ...(own === undefined ? [] : [own]),
    ...primary.flatMap((one) => knownText(one, 'PrivateIpAddress') ?? []),
  ];
  const sixth = listAt(from, 'Ipv6Addresses').flatMap((one) =>
    isValueMap(one) ? (knownText(one, 'Ipv6Address') ?? []) : [],
  );
  const count = numberAt(from, 'Ipv6AddressCount');
  return {
    ...groups(from, from.GroupSet === undefined ? 'Groups' : 'GroupSet'),
    subnets: idsAt(from, 'SubnetId'),
    ...(addresses.length === 0 ? {} : { addresses: [...new Set(addresses)] }),
    ...(sixth.length === 0 ? {} : { addresses6: sixth }),
    ...(typeof count === 'number' && { wants6: count > 0 }),
  };
}

const isPrimary = (entry: ValueMap): boolean => flagAt(entry, 'Primary') === true;

/** Groups on an interface; absent where none are named: then it carries its VPC's default group. */
export function groups(from: ValueMap, key: string): Pick<Form, 'securityGroups'> {
  const ids = idsAt(from, key);
  return ids.length === 0 ? {} : { securityGroups: ids };
}
