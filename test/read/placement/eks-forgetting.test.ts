import { answersOf, type EksCluster, ENI_CONFIGS } from './eks-cluster';

const custom = { AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: 'true', ENABLE_POD_ENI: 'true' };

/** A cluster whose verdicts hang on what EKS, launch templates and the VPC CNI's settings say. */
const CLUSTER: EksCluster = {
  addon: JSON.stringify({ env: custom, init: { env: { DISABLE_TCP_EARLY_DEMUX: 'true' } } }),
  admits: '10.4.0.0/16',
  group: { Labels: { tier: 'general' }, AmiType: 'AL2023_x86_64_STANDARD' },
  template: {
    SecurityGroupIds: [{ Ref: 'NodeGroup' }],
    MetadataOptions: {
      HttpEndpoint: 'enabled',
      HttpTokens: 'required',
      HttpPutResponseHopLimit: 1,
    },
  },
  cluster: {
    ResourcesVpcConfig: {
      SubnetIds: [{ Ref: 'A' }, { Ref: 'B' }],
      SecurityGroupIds: [{ Ref: 'PlaneGroup' }],
    },
    KubernetesNetworkConfig: { ServiceIpv4Cidr: '172.20.0.0/16' },
  },
  manifests: [
    ...ENI_CONFIGS,
    {
      apiVersion: 'vpcresources.k8s.aws/v1beta1',
      kind: 'SecurityGroupPolicy',
      metadata: { name: 'web', namespace: 'shop' },
      spec: {
        podSelector: { matchLabels: { app: 'web' } },
        securityGroups: { groupIds: ['PodGroup'] },
      },
    },
  ],
  more: {
    NodeGroup: {
      Type: 'AWS::EC2::SecurityGroup',
      Properties: {
        GroupDescription: 'nodes',
        VpcId: { Ref: 'Net' },
        SecurityGroupIngress: [
          {
            IpProtocol: 'tcp',
            FromPort: 10250,
            ToPort: 10250,
            SourceSecurityGroupId: { 'Fn::GetAtt': ['PlaneGroup', 'GroupId'] },
          },
        ],
      },
    },
    PlaneGroup: {
      Type: 'AWS::EC2::SecurityGroup',
      Properties: { GroupDescription: 'plane', VpcId: { Ref: 'Net' } },
    },
    PodGroup: {
      Type: 'AWS::EC2::SecurityGroup',
      Properties: {
        GroupDescription: 'pods',
        VpcId: { Ref: 'Net' },
        SecurityGroupIngress: [
          { IpProtocol: 'tcp', FromPort: 80, ToPort: 80, CidrIp: '100.66.0.0/16' },
        ],
      },
    },
    Profile: {
      Type: 'AWS::EKS::FargateProfile',
      Properties: {
        ClusterName: { Ref: 'Eks' },
        PodExecutionRoleArn: 'arn:aws:iam::111122223333:role/pods',
        Subnets: [{ Ref: 'A' }],
        Selectors: [{ Namespace: 'batch', Labels: [{ Key: 'on', Value: 'fargate' }] }],
      },
    },
  },
};

const FLOWS = [
  ['shop/web', 'eni:Db', 3306],
  ['shop/api', 'eni:Db', 3306],
  ['shop/api', 'shop/web', 80],
  ['shop/api', 'shop/web', 22],
  ['node:node-a', 'shop/web', 80],
  ['eni:Db', 'shop/web', 80],
  ['node:node-a', 'node:node-b', 10250],
  ['control-plane:orders', 'node:node-a', 10250],
  ['control-plane:orders', 'node:node-a', 443],
  ['shop/api', 'ip:169.254.169.254', 80],
  ['node:node-b', 'ip:169.254.169.254', 80],
] as const;

/** Every way in which a template leaves a value to the deployment. */
const WAYS: Readonly<Record<string, unknown>> = {
  'a parameter without default': { Ref: 'Forgotten' },
  'an import of an absent stack': { 'Fn::ImportValue': 'absent-value' },
  'a dynamic reference': '{{resolve:ssm:/stored}}',
  'a condition that is not known': { 'Fn::If': ['Perhaps', 'one', { Ref: 'AWS::NoValue' }] },
};

type Path = readonly string[];

/** Every place of a value in the parts of the cluster that a template says. */
function placesIn(value: unknown, path: Path = []): readonly Path[] {
  const own = path.length > 1 ? [path] : [];
  const isFunction =
    typeof value === 'object' &&
    value !== null &&
    Object.keys(value).some((key) => /^(Ref|Fn::.*)$/.test(key));
  if (typeof value !== 'object' || value === null || isFunction) return own;
  return [
    ...own,
    ...Object.entries(value).flatMap(([key, child]) => placesIn(child, [...path, key])),
  ];
}

function replaced(value: unknown, [key, ...rest]: Path, by: unknown): unknown {
  if (key === undefined) return by;
  if (Array.isArray(value))
    return value.map((item, i) => (String(i) === key ? replaced(item, rest, by) : item));
  const own = Object.entries(value as object);
  return Object.fromEntries(own.map(([k, v]) => [k, k === key ? replaced(v, rest, by) : v]));
}

const { group, template, cluster, more } = CLUSTER;
const SAID = { group, template, cluster, more };

/** Names, descriptions and roles decide nothing. */
const DECIDES_NOTHING = /Description|RoleArn|Labels\.tier|\.Type$/;
const cases = placesIn(SAID).filter(
  (path) =>
    !DECIDES_NOTHING.test(path.join('.')) &&
    (path[0] !== 'more' || (path.length > 3 && path[2] === 'Properties')),
);

const verdicts = (one: EksCluster): readonly string[] =>
  answersOf({ ...one, parameters: PARAMETERS }, FLOWS).map((answer) => answer.replace(/:.*/s, ''));

const PARAMETERS = { Forgotten: { Type: 'String' } };

const before = verdicts(CLUSTER);

test('the cluster has certain verdicts, both ways', () => {
  expect(before).not.toContain('refused');
  expect(new Set(before)).toEqual(new Set(['allowed', 'denied']));
});

test('there are enough values to forget', () => {
  expect(cases.length * Object.keys(WAYS).length * FLOWS.length).toBeGreaterThan(1500);
});

test.each(Object.entries(WAYS))('%s: every verdict stays, or becomes unknown', (_, by) => {
  const wrong = cases.flatMap((path) => {
    const after = verdicts({ ...CLUSTER, ...(replaced(SAID, path, by) as object) });
    return after.flatMap((now, i) =>
      ['refused', 'unknown', before[i]].includes(now)
        ? []
        : [`${path.join('.')}: ${FLOWS[i]?.join(' ')} was ${before[i]}, is ${now}`],
    );
  });
  expect(wrong).toEqual([]);
});
