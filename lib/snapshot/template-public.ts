import { knownText, type Resources } from './template-resource';

/** The Elastic IP of an instance or interface, by its place among all; empty where it has none. */
export function readPublic(
  resources: Resources,
  id: string,
): { readonly public: true; readonly elasticIp: number } | Record<string, never> {
  const addresses = resources.ofType('AWS::EC2::EIP');
  const associated = resources
    .ofType('AWS::EC2::EIPAssociation')
    .find(({ properties }) => properties.InstanceId === id || properties.NetworkInterfaceId === id);
  const by = associated?.properties ?? {};
  const named = knownText(by, 'AllocationId') ?? knownText(by, 'EIP') ?? '';
  const at = addresses.findIndex((eip) => eip.id === named || eip.properties.InstanceId === id);
  return at === -1 ? {} : { public: true, elasticIp: at };
}
