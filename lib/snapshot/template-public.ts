import { type Ip, parseIp } from '../model/address';
import { nominalAddress } from './template-address';
import { knownText, type Resources } from './template-resource';

/** The address of the Elastic IP with an id; `undefined` where no template has it. */
export function elasticAddress(resources: Resources, id: string): Ip | undefined {
  const all = resources.ofType('AWS::EC2::EIP');
  const index = all.findIndex((eip) => eip.id === id);
  const given = parseIp(knownText(all[index]?.properties ?? {}, 'Address') ?? '');
  return index === -1 ? undefined : (given ?? nominalAddress(index));
}

/** The Elastic IP of an instance or interface; `undefined` where it has none. */
export function readPublic(resources: Resources, id: string): Ip | undefined {
  const associated = resources
    .ofType('AWS::EC2::EIPAssociation')
    .find(({ properties }) => properties.InstanceId === id || properties.NetworkInterfaceId === id);
  const own = resources.ofType('AWS::EC2::EIP').find((eip) => eip.properties.InstanceId === id);
  const by = associated?.properties ?? {};
  const named = knownText(by, 'AllocationId') ?? knownText(by, 'EIP') ?? own?.id;
  return named === undefined ? undefined : elasticAddress(resources, named);
}
