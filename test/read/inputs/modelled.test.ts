import { skippedKinds } from '../../../lib/read/inputs/modelled';

test('what a verdict may depend on is told apart from what is not about the network', () => {
  expect(
    skippedKinds({
      ConfigMap: 2,
      CiliumNetworkPolicy: 1,
      AuthorizationPolicy: 1,
      Prometheus: 1,
      Role: 3,
      ServiceMonitor: 1,
      'AWS::IAM::Role': 4,
      'AWS::NetworkFirewall::Firewall': 1,
      'AWS::EC2::VPCGatewayPolicy': 1,
      'AWS::EC2::KeyPair': 1,
      'Custom::Anything': 1,
    }),
  ).toEqual({
    notModelled: {
      CiliumNetworkPolicy: 1,
      AuthorizationPolicy: 1,
      Prometheus: 1,
      'AWS::NetworkFirewall::Firewall': 1,
      'AWS::EC2::VPCGatewayPolicy': 1,
      'Custom::Anything': 1,
    },
    notNetwork: {
      ConfigMap: 2,
      Role: 3,
      ServiceMonitor: 1,
      'AWS::IAM::Role': 4,
      'AWS::EC2::KeyPair': 1,
    },
  });
});
