import { type App, Stack } from 'aws-cdk-lib';
import { CfnVPC } from 'aws-cdk-lib/aws-ec2';
import { AwsSolutionsChecks } from 'cdk-nag';
import { stagesOf, synthesizeStage } from '../../charts';
import { GATEWAY_CLASS } from '../../lib/cloud/addons/gateway-api';
import { cloudLabIds, environmentOf } from '../../lib/cloud/config/environments';
import { createApp } from '../../lib/cloud/lab-app';
import { labApp } from '../lab-templates';
import { resources, synthesize } from './synthesized';

// Synthesis is seconds of work, and the machine may have other work too.
jest.setTimeout(120_000);

/** One lab of every environment: labs that ask for the same get the same, but for their name. */
const kinds = new Map(cloudLabIds.map((lab) => [JSON.stringify(environmentOf(lab)), lab]));
const large = ['aws-1-vpc', 'aws-3-vpc-cni', 'mc-1-two-clusters', 'capstone'] as const;
const every = [
  ...[...kinds.values()].map((lab) => ({ lab, size: 'small' as const })),
  ...large.map((lab) => ({ lab, size: 'production' as const })),
];

/** Findings of AwsSolutions that nobody accepted beside the construct, as `rule: where`. */
function findings(app: App): readonly string[] {
  const { violations } = new AwsSolutionsChecks(app).validateScope(app);
  return violations.flatMap(({ ruleName, violatingResources }) =>
    violatingResources.map(({ constructPath }) => `${ruleName}: ${constructPath}`),
  );
}

test.each(every)('$lab, $size: synthesizes, and the rule pack finds nothing', ({ lab, size }) => {
  const app = labApp({ lab, size });
  const { templates } = synthesize({ lab, size });
  const { cluster, addons } = environmentOf(lab);
  const parts =
    cluster === 'none' ? ['expiry', 'network'] : ['addons', 'cluster', 'expiry', 'network'];
  expect(Object.keys(templates).sort()).toEqual(parts.map((part) => `${lab}-${part}`));
  expect(findings(app)).toEqual([]);
  if (cluster === 'none') return;
  const charts = resources(synthesize({ lab, size }), 'addons', 'Custom::AWSCDK-EKS-HelmChart');
  const names = new Set(charts.map(({ Properties }) => Properties.Chart));
  const expected: Readonly<Record<string, readonly string[]>> = {
    calico: ['tigera-operator'],
    'load-balancer-controller': ['aws-load-balancer-controller'],
    'gateway-api': [],
    kyverno: ['kyverno'],
    istio: ['base', 'istiod'],
  };
  expect([...names].sort()).toEqual(addons.flatMap((addon) => expected[addon] ?? []).sort());
});

test.each<Readonly<Record<string, string>>>([
  { lab: 'capstone', size: 'production', privateOnly: 'true', nat: 'regional' },
  { lab: 'k8s-5-network-policy', ipv6: 'true', allowedCidrs: '203.0.113.7/32' },
  { lab: 'k8s-4-dns', kubernetes: '1.36' },
])('%j: the rule pack finds nothing', (context) => {
  expect(findings(labApp(context))).toEqual([]);
});

test('the rule pack is awake: it finds what nobody accepted', () => {
  const app = createApp();
  const vpc = new CfnVPC(new Stack(app, 'Careless'), 'Vpc', { cidrBlock: '10.0.0.0/16' });
  expect(findings(app)).toEqual([`AwsSolutions-VPC7: ${vpc.node.path}`]);
});

test('Calico of 1.36 has its definitions in a chart of their own, installed first', () => {
  const lab = synthesize({ lab: 'k8s-4-dns', kubernetes: '1.36' });
  const charts = resources(lab, 'addons', 'Custom::AWSCDK-EKS-HelmChart');
  const operator = charts.find(({ Properties }) => Properties.Chart === 'tigera-operator');
  const crds = charts.find(({ Properties }) => Properties.Chart === 'crd.projectcalico.org.v1');
  expect(operator?.DependsOn).toContain(crds?.id);
});

test('the class that the lab about gateways asks for is the one its cluster has', () => {
  const text = stagesOf('k8s-6-ingress').map((stage) => synthesizeStage('k8s-6-ingress', stage));
  const asked = text.flatMap((yaml) => [...yaml.matchAll(/gatewayClassName: (\S+)/g)]);
  expect(new Set(asked.map(([, name]) => name))).toEqual(new Set([GATEWAY_CLASS]));
});

test('groups that manifests name are told', () => {
  const { templates } = synthesize({ lab: 'aws-3-vpc-cni', size: 'small' });
  const outputs = Object.keys(templates['aws-3-vpc-cni-network']?.Outputs ?? {});
  expect(outputs.filter((name) => name.startsWith('Group'))).toEqual([
    'Grouppodsweb',
    'Grouppodsdb',
  ]);
});

test('a private cluster reaches AWS by interface endpoints, behind a group of ours', () => {
  const lab = synthesize({
    lab: 'capstone',
    size: 'production',
    privateOnly: 'true',
    nat: 'regional',
  });
  const endpoints = resources(lab, 'network', 'AWS::EC2::VPCEndpoint').filter(
    ({ Properties }) => Properties.VpcEndpointType === 'Interface',
  );
  expect(endpoints).toHaveLength(11);
  for (const { Properties } of endpoints) {
    expect(Properties).toMatchObject({ PrivateDnsEnabled: true });
    expect(Properties.SubnetIds).toHaveLength(3);
  }
});
