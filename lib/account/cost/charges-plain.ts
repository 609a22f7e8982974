import { list, type TemplateResource, text } from '../template';
import { HOURLY, HOURS_PER_MONTH, MONTHLY } from './prices';
import type { Charge } from './types';

/** Types whose charge follows from the resource alone. */
export const CHARGED_PLAIN: Readonly<
  Record<string, (resource: TemplateResource) => readonly Charge[]>
> = {
  'AWS::EC2::NatGateway': ({ properties }) =>
    text(properties.AvailabilityMode) === 'regional'
      ? [
          hourly('NAT gateway, regional: one zone', 1, HOURLY.natGateway),
          { kind: 'unknown', what: 'regional NAT gateway: as many zones more as hold workloads' },
        ]
      : [hourly('NAT gateway', 1, HOURLY.natGateway)],
  'AWS::EC2::EIP': () => [hourly('public IPv4', 1, HOURLY.publicIpv4)],
  'AWS::EC2::VPCEndpoint': endpointCharges,
  'AWS::ElasticLoadBalancingV2::LoadBalancer': loadBalancerCharges,
  'AWS::ElasticLoadBalancing::LoadBalancer': () => [
    hourly('classic load balancer', 1, HOURLY.classicLoadBalancer),
  ],
  'AWS::EC2::TransitGatewayAttachment': () => [
    hourly('transit gateway attachment', 1, HOURLY.transitGatewayAttachment),
  ],
  'AWS::EC2::TransitGatewayVpcAttachment': () => [
    hourly('transit gateway attachment', 1, HOURLY.transitGatewayAttachment),
  ],
  'AWS::EC2::VPNConnection': () => [hourly('VPN connection', 1, HOURLY.vpnConnection)],
  'AWS::EC2::ClientVpnTargetNetworkAssociation': () => [
    hourly('client VPN association', 1, HOURLY.clientVpnAssociation),
  ],
  'AWS::Route53Resolver::ResolverEndpoint': ({ properties }) => [
    hourly(
      'resolver endpoint address',
      list(properties.IpAddresses).length,
      HOURLY.resolverEndpointAddress,
    ),
  ],
  'AWS::NetworkFirewall::Firewall': ({ properties }) => [
    hourly(
      'network firewall endpoint',
      list(properties.SubnetMappings).length,
      HOURLY.networkFirewallEndpoint,
    ),
  ],
  'AWS::VpcLattice::Service': () => [hourly('lattice service', 1, HOURLY.latticeService)],
  'AWS::KMS::Key': () => [monthly('KMS key', MONTHLY.kmsKey)],
  'AWS::SecretsManager::Secret': () => [monthly('secret', MONTHLY.secret)],
  'AWS::CloudWatch::Alarm': () => [monthly('alarm', MONTHLY.alarm)],
  'AWS::CloudWatch::Dashboard': () => [monthly('dashboard', MONTHLY.dashboard)],
  'AWS::Route53::HostedZone': () => [monthly('hosted zone', MONTHLY.hostedZone)],
};

/** An interface endpoint is billed for every zone it stands in; a gateway endpoint is free. */
function endpointCharges({ properties }: TemplateResource): readonly Charge[] {
  const kind = text(properties.VpcEndpointType) ?? 'Gateway';
  if (kind === 'Gateway') return [];
  const subnets = list(properties.SubnetIds).length;
  return kind === 'Interface' || kind === 'GatewayLoadBalancer'
    ? [hourly(`${kind.toLowerCase()} endpoint`, Math.max(1, subnets), HOURLY.interfaceEndpoint)]
    : [{ kind: 'unknown', what: `VPC endpoint of type ${kind}` }];
}

/** An internet-facing load balancer holds a public IPv4 in every zone it stands in. */
function loadBalancerCharges({ properties }: TemplateResource): readonly Charge[] {
  const type = text(properties.Type) ?? 'application';
  const price = type === 'gateway' ? HOURLY.gatewayLoadBalancer : HOURLY.loadBalancer;
  const zones = list(properties.Subnets).length + list(properties.SubnetMappings).length;
  const isPublic = type !== 'gateway' && text(properties.Scheme) !== 'internal';
  return [
    hourly(`${type} load balancer`, 1, price),
    hourly('public IPv4 of a load balancer', isPublic ? zones : 0, HOURLY.publicIpv4),
  ];
}

const hourly = (what: string, count: number, eachPerHour: number): Charge => ({
  kind: 'hourly',
  what,
  count,
  eachPerHour,
});

const monthly = (what: string, usd: number): Charge => hourly(what, 1, usd / HOURS_PER_MONTH);
