import { resources, synthesize } from './synthesized';

/** CloudFormation user guide, DependsOn: what must wait for the attachment of the internet gateway. */
test.each(['single', 'per-zone', 'regional'])(
  'NAT %s waits until the internet gateway is attached',
  (nat) => {
    const lab = synthesize({ lab: 'k8s-5-network-policy', size: 'production', nat });
    const [attachment] = resources(lab, 'network', 'AWS::EC2::VPCGatewayAttachment');
    const gateways = resources(lab, 'network', 'AWS::EC2::NatGateway');
    expect(gateways).toHaveLength(nat === 'per-zone' ? 3 : 1);
    for (const { DependsOn } of gateways) expect(DependsOn).toContain(attachment?.id);
  },
);
