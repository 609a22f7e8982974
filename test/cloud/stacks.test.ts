import { digestOf } from './digest';
import { type Resource, resources, synthesize } from './synthesized';

const small = synthesize({ lab: 'k8s-5-network-policy', size: 'small' });
const production = synthesize({
  lab: 'capstone',
  size: 'production',
  allowedCidrs: '203.0.113.7/32',
});
const vpcCni = synthesize({ lab: 'aws-3-vpc-cni', size: 'small' });

const only = (found: readonly Resource[]): Resource => {
  const [first] = found;
  if (found.length !== 1 || first === undefined) throw new Error(`${found.length} found`);
  return first;
};
const addon = (lab: typeof small, name: string): Resource =>
  only(resources(lab, 'cluster', 'AWS::EKS::Addon').filter((a) => a.Properties.AddonName === name));

describe.each([
  { size: 'small', lab: small },
  { size: 'production', lab: production },
])('$size', ({ lab }) => {
  test.each(Object.entries(lab.templates))('%s has the same parts as before', (_, template) => {
    expect(digestOf(template)).toMatchSnapshot();
  });

  test('nodes ask for metadata tokens, one hop away, and encrypt their disk', () => {
    const { LaunchTemplateData } = only(
      resources(lab, 'cluster', 'AWS::EC2::LaunchTemplate'),
    ).Properties;
    expect(LaunchTemplateData).toMatchObject({
      MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
      BlockDeviceMappings: [{ Ebs: { Encrypted: true, VolumeType: 'gp3' } }],
    });
  });

  test('every log group ends: a week of it, and it goes with its stack', () => {
    const parts = ['expiry', 'network', 'cluster'];
    const groups = parts.flatMap((part) => resources(lab, part, 'AWS::Logs::LogGroup'));
    expect(groups).toHaveLength(5);
    for (const group of groups) {
      expect(group).toMatchObject({
        DeletionPolicy: 'Delete',
        Properties: { RetentionInDays: 7 },
      });
    }
  });

  test('every function writes to a group of ours, and stands where it can reach charts', () => {
    const groups = resources(lab, 'cluster', 'AWS::Logs::LogGroup').map(
      ({ Properties }) => Properties.LogGroupName,
    );
    for (const { id, Properties } of resources(lab, 'cluster', 'AWS::Lambda::Function')) {
      expect(groups).toContainEqual({ 'Fn::Join': ['', ['/aws/lambda/', { Ref: id }]] });
      for (const subnet of Properties.VpcConfig.SubnetIds) {
        expect(JSON.stringify(subnet)).toMatch(/nodesSubnet/);
      }
    }
  });

  test('the cluster says no to every surprising default', () => {
    expect(only(resources(lab, 'cluster', 'AWS::EKS::Cluster')).Properties).toMatchObject({
      AccessConfig: {
        AuthenticationMode: 'API',
        BootstrapClusterCreatorAdminPermissions: false,
      },
      BootstrapSelfManagedAddons: false,
      ComputeConfig: { Enabled: false },
      UpgradePolicy: { SupportType: 'STANDARD' },
      KubernetesNetworkConfig: { IpFamily: 'ipv4', ServiceIpv4Cidr: '172.20.0.0/16' },
      Version: '1.35',
    });
  });

  test('VPC CNI, kube-proxy and Pod Identity come before nodes, CoreDNS after', () => {
    const nodes = only(resources(lab, 'cluster', 'AWS::EKS::Nodegroup'));
    const before = ['vpc-cni', 'kube-proxy', 'eks-pod-identity-agent'];
    expect(nodes.DependsOn).toEqual(
      expect.arrayContaining(before.map((name) => addon(lab, name).id)),
    );
    expect(addon(lab, 'coredns').DependsOn).toContain(nodes.id);
  });

  test('nothing in the cluster is uninstalled when the lab goes', () => {
    const installed = ['HelmChart', 'KubernetesResource'].flatMap((kind) =>
      resources(lab, 'addons', `Custom::AWSCDK-EKS-${kind}`),
    );
    expect(installed.length).toBeGreaterThan(0);
    expect(installed.filter(({ DeletionPolicy }) => DeletionPolicy !== 'Retain')).toEqual([]);
  });

  test('everything that takes tags carries the lab and its owner', () => {
    const tagged = Object.values(lab.templates)
      .flatMap(({ Resources }) => Object.values(Resources))
      .filter(({ Properties }) => Array.isArray(Properties?.Tags));
    const keys = ['lab', 'owner'].map((key) => `eks-network-labs:${key}`);
    const template = only(resources(lab, 'cluster', 'AWS::EC2::LaunchTemplate'));
    expect(tagged.length).toBeGreaterThan(30);
    for (const { Properties } of tagged) {
      const own = Properties.Tags.map(({ Key }: { Key: string }) => Key);
      expect(own).toEqual(expect.arrayContaining(keys));
    }
    expect(JSON.stringify(template)).toContain('eks-network-labs:lab');
    // The end changes with every deployment: in a resource it would be an update of each.
    const found = Object.entries(lab.templates).filter(([, body]) =>
      JSON.stringify(body).includes('eks-network-labs:expires'),
    );
    expect(found).toEqual([]);
  });
});

describe('who reaches the API', () => {
  const access = (lab: typeof small) =>
    only(resources(lab, 'cluster', 'AWS::EKS::Cluster')).Properties.ResourcesVpcConfig;

  test('nobody outside where nobody was named', () => {
    expect(access(small)).toMatchObject({
      EndpointPrivateAccess: true,
      EndpointPublicAccess: false,
    });
  });

  test('only who was named', () => {
    expect(access(production)).toMatchObject({
      EndpointPrivateAccess: true,
      EndpointPublicAccess: true,
      PublicAccessCidrs: ['203.0.113.7/32'],
    });
  });
});

describe('VPC CNI', () => {
  const settings = (lab: typeof small) =>
    JSON.parse(addon(lab, 'vpc-cni').Properties.ConfigurationValues);

  test('leaves policy to Calico and tells it addresses early', () => {
    expect(settings(small)).toEqual({
      enableNetworkPolicy: 'false',
      env: {
        ANNOTATE_POD_IP: 'true',
        ENABLE_PREFIX_DELEGATION: 'true',
        WARM_PREFIX_TARGET: '1',
      },
    });
  });

  test('gives pods subnets and groups of their own where the lab is about that', () => {
    expect(settings(vpcCni)).toMatchObject({
      env: {
        AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: 'true',
        ENI_CONFIG_LABEL_DEF: 'topology.kubernetes.io/zone',
        ENABLE_POD_ENI: 'true',
      },
      init: { env: { DISABLE_TCP_EARLY_DEMUX: 'true' } },
    });
    const nodes = only(resources(vpcCni, 'cluster', 'AWS::EKS::Nodegroup'));
    expect(nodes.Properties.InstanceTypes).toEqual(['m6i.large']);
    const [configs] = resources(vpcCni, 'cluster', 'Custom::AWSCDK-EKS-KubernetesResource');
    expect(nodes.DependsOn).toContain(configs?.id);
    expect(JSON.stringify(configs?.Properties.Manifest)).toContain('ENIConfig');
  });
});

test('a person is told when the lab ends, what comes next, and how to reach the cluster', () => {
  const outputs = Object.values(small.templates).flatMap(({ Outputs = {} }) =>
    Object.entries(Outputs).filter(([name]) => !name.startsWith('Export')),
  );
  expect(outputs.map(([name]) => name)).toEqual(['LabKubeconfig', 'Expires', 'Next']);
  expect(JSON.stringify(outputs)).toContain('aws eks update-kubeconfig --name ');
});

test('add-ons wait for each other in the order of the lab, and for the load balancer group', () => {
  const [calico, controller] = resources(production, 'addons', 'Custom::AWSCDK-EKS-HelmChart');
  const [request, gatewayClass] = resources(
    production,
    'addons',
    'Custom::AWSCDK-EKS-KubernetesResource',
  );
  const [wait] = resources(production, 'addons', 'Custom::AWSCDK-EKS-KubernetesObjectValue');
  expect(request?.DependsOn).toContain(calico?.id);
  expect(wait?.DependsOn).toContain(request?.id);
  expect(gatewayClass?.DependsOn).toContain(wait?.id);
  expect(controller?.DependsOn).toContain(wait?.id);
  expect(JSON.stringify(controller?.Properties.Values)).toContain('backendSecurityGroup');
  expect([calico, controller].map((chart) => chart?.Properties.Wait)).toEqual([true, true]);
});
