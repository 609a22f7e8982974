import { indexVpcs } from '../../../lib/reach/vpc/lookup';
import { vpcWorld } from '../../build/peered-vpcs';

const index = indexVpcs(vpcWorld);

// Only a NAT gateway and an endpoint have names of their own.
test.each([
  ['internet-gateway', 'igw', 'internet-gateway of main'],
  ['peering', 'pcx', 'peering of main and other'],
  ['nat-gateway', 'nat', 'nat-gateway nat'],
  ['vpc-endpoint', 'ecr', 'vpc-endpoint com.amazonaws.eu-west-1.ecr.api'],
  ['transit-gateway', 'network.Transit', 'transit-gateway Transit'],
] as const)('%s %s is called %s', (kind, id, name) => {
  expect(index.deviceName({ kind, id })).toBe(name);
});
