import { gatewayNamespaces } from '../../../lib/dataplane/vpc/gateways';
import { igwNetns, natAddress } from '../../../lib/dataplane/vpc/places';
import { addRoutes } from '../../../lib/dataplane/vpc/routes';
import { ip } from '../../../lib/model/address';
import type { NatGateway } from '../../../lib/model/vpc';
import { mainVpc, vpcWorld } from '../../build/peered-vpcs';

const nat = (parts: Pick<NatGateway, 'subnet'>, privateIp: string): NatGateway => ({
  id: 'n',
  name: 'n',
  privateIp: ip(privateIp),
  publicIp: ip('198.51.100.99'),
  ...parts,
});

test.each([
  ['of a subnet', nat({ subnet: 'public-a' }, '10.0.101.200'), '10.0.101.200'],
  [
    'of a subnet, known by its public address',
    nat({ subnet: 'public-a' }, '198.51.100.99'),
    '198.51.100.99',
  ],
  ['regional, with a private address', nat({ subnet: undefined }, '10.0.101.200'), '10.0.101.200'],
  [
    'regional, known by its public address',
    nat({ subnet: undefined }, '198.51.100.99'),
    '169.254.200.1',
  ],
])('a NAT gateway %s', (_, gateway, address) => {
  expect(natAddress({ ...mainVpc, natGateways: [gateway] }, gateway)).toBe(address);
});

test('each device that leads out of a subnet asks one route table, once', () => {
  const rules = addRoutes(vpcWorld, mainVpc).flatMap((one) =>
    one.kind === 'add-rule' && one.iif !== undefined && one.iif !== 'lo' ? [one] : [],
  );
  const devices = rules.map(({ iif }) => iif);
  expect(new Set(devices).size).toBe(devices.length);
  // The NAT gateway's interface is the gateway itself.
  expect(devices.length).toBe(mainVpc.interfaces.length);
});

test('a VPC has the namespace of an internet gateway where it has one', () => {
  const has = (internetGateway: string | undefined): boolean =>
    gatewayNamespaces({ ...mainVpc, internetGateway }).includes(igwNetns('main'));
  expect([has('igw'), has(undefined)]).toEqual([true, false]);
});
