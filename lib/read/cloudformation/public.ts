import { type Ip, parseIp } from '../../model/address';
import { nominalAddress } from './address';
import { doubtAt, idAt, knownText, listAt, type Resource, type Resources, wrong } from './resource';
import { isUnknown, isValueMap } from './value';

/** The address of the Elastic IP with an id; `undefined` where no template has it. */
export function elasticAddress(resources: Resources, id: string): Ip | undefined {
  const all = resources.ofType('AWS::EC2::EIP');
  const index = all.findIndex((eip) => eip.id === id);
  const given = parseIp(knownText(all[index]?.properties ?? {}, 'Address') ?? '');
  return index === -1 ? undefined : (given ?? nominalAddress(index));
}

/** What an interface may be called where an Elastic IP is given to it. */
export interface PublicIpHolder {
  /** Id of the interface's own resource, and that of the instance whose primary interface it is. */
  readonly ids: readonly string[];
  /** Its primary private address, where the template gives it. */
  readonly address?: string | undefined;
}

/** The Elastic IP of an interface, or why it is not known whether it has one. */
export interface PublicGrant {
  readonly elasticIp?: Ip;
  readonly elasticUnknown?: string;
}

/**
 * The Elastic IP of an interface by every form: `InstanceId` of the EIP itself, and an association
 * with an instance (its primary interface) or with an interface (CloudFormation: EIP, EIPAssociation).
 */
export function readPublic(resources: Resources, holder: PublicIpHolder): PublicGrant {
  const own = resources.ofType('AWS::EC2::EIP').filter(({ properties }) => {
    return holder.ids.includes(String(properties.InstanceId));
  });
  const associations = resources.ofType('AWS::EC2::EIPAssociation');
  const associated = associations.find((one) => holds(one, holder));
  if (associated !== undefined) return grantOf(resources, associated, holder);
  const [first] = own;
  const address = first && elasticAddress(resources, first.id);
  if (address !== undefined) return { elasticIp: address };
  const doubts = [...associations, ...resources.ofType('AWS::EC2::EIP')].flatMap(
    ({ properties }) =>
      doubtAt(properties, 'InstanceId') ?? doubtAt(properties, 'NetworkInterfaceId') ?? [],
  );
  const [doubt] = doubts;
  return doubt === undefined ? {} : { elasticUnknown: doubt };
}

const holds = ({ properties }: Resource, { ids }: PublicIpHolder): boolean =>
  ids.includes(String(properties.InstanceId)) ||
  ids.includes(String(properties.NetworkInterfaceId));

function grantOf(resources: Resources, association: Resource, holder: PublicIpHolder): PublicGrant {
  const { properties } = association;
  if (properties.EIP !== undefined) {
    const fix = 'give AllocationId: !GetAtt <EIP>.AllocationId';
    wrong(association, 'EIP', { problem: 'EIP names an address of EC2-Classic', fix });
  }
  const inside = idAt(properties, 'PrivateIpAddress');
  if (inside !== undefined && holder.address !== undefined && inside !== holder.address)
    return {
      elasticUnknown: `${association.name}: a public address of ${inside}, not of the primary one`,
    };
  const id = idAt(properties, 'AllocationId') ?? '';
  const index = resources.ofType('AWS::EC2::EIPAssociation').indexOf(association);
  // An Elastic IP of another stack: numbered after all of ours, so that no two share an address.
  const after =
    resources.ofType('AWS::EC2::EIP').length + resources.ofType('AWS::EC2::NatGateway').length;
  return { elasticIp: elasticAddress(resources, id) ?? nominalAddress(after + index) };
}

/** Names of the instances whose primary interface a network interface is, and their ids. */
export function instancesOf(
  resources: Resources,
  networkInterface: string,
): readonly { readonly id: string; readonly name: string }[] {
  return resources
    .ofType('AWS::EC2::Instance')
    .filter(({ properties }) =>
      listAt(properties, 'NetworkInterfaces').some(
        (one) =>
          isValueMap(one) &&
          one.NetworkInterfaceId === networkInterface &&
          (one.DeviceIndex === undefined ||
            isUnknown(one.DeviceIndex) ||
            String(one.DeviceIndex) === '0'),
      ),
    );
}
