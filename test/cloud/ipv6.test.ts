import { resources, synthesize } from './synthesized';

const valuesOf = (context: Readonly<Record<string, string>>) => {
  const charts = resources(synthesize(context), 'addons', 'Custom::AWSCDK-EKS-HelmChart');
  const operator = charts.find(({ Properties }) => Properties.Chart === 'tigera-operator');
  return JSON.parse(operator?.Properties.Values).installation.calicoNetwork;
};
const cniOf = (context: Readonly<Record<string, string>>) => {
  const addons = resources(synthesize(context), 'cluster', 'AWS::EKS::Addon');
  const cni = addons.find(({ Properties }) => Properties.AddonName === 'vpc-cni');
  return JSON.parse(cni?.Properties.ConfigurationValues).env;
};
const lab = 'k8s-5-network-policy';

test('an IPv6 cluster enforces: Calico detects IPv6 addresses, and pods have no IPv4 egress', () => {
  expect(valuesOf({ lab, ipv6: 'true' })).toMatchObject({
    nodeAddressAutodetectionV6: { kubernetes: 'NodeInternalIP' },
  });
  expect(cniOf({ lab, ipv6: 'true' })).toMatchObject({ ENABLE_V4_EGRESS: 'false' });
});

test('an IPv4 cluster is told neither', () => {
  expect(valuesOf({ lab })).not.toHaveProperty('nodeAddressAutodetectionV6');
  expect(cniOf({ lab })).not.toHaveProperty('ENABLE_V4_EGRESS');
});
