import { answerOf, awsNode, type EksCluster, ENI_CONFIGS } from './eks-cluster';

const verdict = (...asked: Parameters<typeof answerOf>): string =>
  answerOf(...asked).replace(/:.*/s, '');

describe('who translates pods on their way out of the VPC', () => {
  const TO_DB = ['shop/web', 'eni:Db', 3306] as const;
  const custom = { AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: 'true' };
  const variable = (name: string, value: string) => ({ name, value });
  const onlyPods: EksCluster = { admits: '100.66.0.0/16', manifests: ENI_CONFIGS };
  const daemon = (env: Readonly<Record<string, string>>, one: EksCluster): EksCluster => ({
    ...one,
    manifests: [
      ...(one.manifests ?? []),
      awsNode(Object.entries(env).map(([name, value]) => variable(name, value))),
    ],
  });
  const addon = (env: Readonly<Record<string, string>>, one: EksCluster): EksCluster => ({
    ...one,
    addon: { env },
  });
  const EXCLUDE = 'AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS';

  // amazon-vpc-cni-k8s README: AWS_VPC_K8S_CNI_EXTERNALSNAT, AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS.
  test.each([
    ['the node', custom, 'denied'],
    ['nothing on the node', { ...custom, AWS_VPC_K8S_CNI_EXTERNALSNAT: 'true' }, 'allowed'],
    ['nothing, in the words of Go', { ...custom, AWS_VPC_K8S_CNI_EXTERNALSNAT: 'T' }, 'allowed'],
    [
      'the node, for a value Go does not take',
      { ...custom, AWS_VPC_K8S_CNI_EXTERNALSNAT: 'yes' },
      'denied',
    ],
    [
      'nothing to an excluded block',
      { ...custom, [EXCLUDE]: '10.8.0.0/16, 10.7.0.0/16' },
      'allowed',
    ],
    ['the node to all others', { ...custom, [EXCLUDE]: '10.8.0.0/16' }, 'denied'],
    ['the node, for a block that is none', { ...custom, [EXCLUDE]: '10.7/16' }, 'denied'],
  ])('%s: from the add-on and from aws-node', (_, env, right) => {
    expect(verdict(addon(env, onlyPods), TO_DB)).toBe(right);
    expect(verdict(daemon(env, onlyPods), TO_DB)).toBe(right);
  });

  test('a database that admits the nodes alone denies an excluded block', () => {
    const nodes: EksCluster = { admits: '10.4.0.0/16', manifests: ENI_CONFIGS };
    expect(verdict(addon(custom, nodes), TO_DB)).toBe('allowed');
    expect(verdict(addon({ ...custom, [EXCLUDE]: '10.7.0.0/16' }, nodes), TO_DB)).toBe('denied');
  });

  test('the DaemonSet wins over the add-on: it is what runs', () => {
    const both = daemon({ ...custom, AWS_VPC_K8S_CNI_EXTERNALSNAT: 'true' }, onlyPods);
    expect(verdict({ ...both, addon: { env: custom } }, TO_DB)).toBe('allowed');
  });

  test('the values of a Helm chart and a DaemonSet that CDK applies are read', () => {
    const env = { ...custom, AWS_VPC_K8S_CNI_EXTERNALSNAT: 'true' };
    const list = Object.entries(env).map(([name, value]) => variable(name, value));
    const made = (type: string, properties: object): EksCluster => ({
      ...onlyPods,
      more: {
        Made: { Type: type, Properties: { ClusterName: { Ref: 'Eks' }, ...properties } },
      },
    });
    const chart = { Chart: 'aws-vpc-cni', Values: JSON.stringify({ env }) };
    expect(verdict(made('Custom::AWSCDK-EKS-HelmChart', chart), TO_DB)).toBe('allowed');
    const applied = { Manifest: JSON.stringify([awsNode(list)]) };
    expect(verdict(made('Custom::AWSCDK-EKS-KubernetesResource', applied), TO_DB)).toBe('allowed');
  });

  test('nothing says it: unknown where the verdict depends on it, and certain where not', () => {
    const silent: EksCluster = { admits: '10.4.1.5/32' };
    expect(answerOf(silent, TO_DB)).toMatch(/^unknown: .*aws-node/);
    expect(verdict({ admits: '10.4.0.0/16' }, TO_DB)).toBe('allowed');
    expect(verdict({ admits: '10.99.0.0/16' }, TO_DB)).toBe('denied');
  });

  test('ENIConfig objects without a word on custom networking leave the pods’ subnet unknown', () => {
    const silent: EksCluster = { admits: '10.4.0.0/16', manifests: ENI_CONFIGS };
    expect(verdict(silent, TO_DB)).toBe('unknown');
    expect(verdict(silent, ['node:node-a', 'eni:Db', 3306])).toBe('allowed');
  });

  test('a configuration that only a deployment knows leaves it unknown', () => {
    const hidden: EksCluster = {
      addon: { Ref: 'Values' },
      parameters: { Values: { Type: 'String' } },
      admits: '10.4.0.0/16',
    };
    expect(verdict(hidden, TO_DB)).toBe('unknown');
    expect(verdict(hidden, ['node:node-a', 'eni:Db', 3306])).toBe('allowed');
  });

  test('a variable from elsewhere is unknown', () => {
    const from = { name: 'AWS_VPC_K8S_CNI_EXTERNALSNAT', valueFrom: { configMapKeyRef: {} } };
    const one: EksCluster = {
      ...onlyPods,
      manifests: [
        ...ENI_CONFIGS,
        awsNode([variable('AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG', '1'), from]),
      ],
    };
    expect(answerOf(one, TO_DB)).toMatch(/^unknown: .*valueFrom/);
    const whole = awsNode([], [], { envFrom: [{ configMapRef: { name: 'cni' } }] });
    expect(verdict({ ...onlyPods, manifests: [...ENI_CONFIGS, whole] }, TO_DB)).toBe('unknown');
  });
});

describe('a node and its pods with security groups of their own', () => {
  const POLICY = {
    apiVersion: 'vpcresources.k8s.aws/v1beta1',
    kind: 'SecurityGroupPolicy',
    metadata: { name: 'web', namespace: 'shop' },
    spec: {
      podSelector: { matchLabels: { app: 'web' } },
      securityGroups: { groupIds: ['PodGroup'] },
    },
  };
  const more = {
    PodGroup: {
      Type: 'AWS::EC2::SecurityGroup',
      Properties: {
        GroupDescription: 'pods',
        VpcId: { Ref: 'Net' },
        SecurityGroupIngress: [{ IpProtocol: '-1', CidrIp: '10.4.0.0/16' }],
      },
    },
  };
  const world = (addon: object): EksCluster => ({ more, addon, manifests: [POLICY] });
  const PROBE = ['node:node-a', 'shop/web', 80] as const;

  // amazon-vpc-cni-k8s README: DISABLE_TCP_EARLY_DEMUX, POD_SECURITY_GROUP_ENFORCING_MODE.
  test.each([
    ['strict', { env: { ENABLE_POD_ENI: 'true' } }, 'denied'],
    [
      'strict, early demux off',
      { env: { ENABLE_POD_ENI: 'true' }, init: { env: { DISABLE_TCP_EARLY_DEMUX: 'true' } } },
      'allowed',
    ],
    [
      'standard',
      { env: { ENABLE_POD_ENI: 'true', POD_SECURITY_GROUP_ENFORCING_MODE: 'standard' } },
      'allowed',
    ],
    ['no groups of pods', {}, 'allowed'],
  ])('a probe by TCP, %s', (_, addon, right) => {
    expect(verdict(world(addon), PROBE)).toBe(right);
    expect(verdict(world(addon), ['node:node-b', 'shop/web', 80])).toBe('allowed');
  });

  test('UDP does not depend on it', () => {
    const strict = world({ env: { ENABLE_POD_ENI: 'true' } });
    expect(verdict(strict, ['node:node-a', 'shop/web', 80, 'UDP'])).toBe('allowed');
  });

  test('nothing says whether pods have groups of their own: unknown', () => {
    const silent: EksCluster = { more, manifests: [POLICY] };
    expect(verdict(silent, ['shop/api', 'shop/web', 80])).toBe('unknown');
    const variable = [{ name: 'ENABLE_POD_ENI', value: 'true' }];
    const init = [{ name: 'DISABLE_TCP_EARLY_DEMUX', value: 'true' }];
    const told = { ...silent, manifests: [POLICY, awsNode(variable, init)] };
    expect(verdict(told, PROBE)).toBe('allowed');
    expect(verdict({ ...silent, manifests: [POLICY, awsNode(variable)] }, PROBE)).toBe('denied');
  });
});

describe('the instance metadata service, asked by a pod and by its node', () => {
  const options = (given: object): EksCluster => ({ template: { MetadataOptions: given } });
  const ami = (type: string): EksCluster => ({ group: { AmiType: type } });

  // EKS user guide: Upgrade from AL2 to AL2023; EC2 user guide: IMDSv2 options and their precedence.
  test.each<readonly [string, EksCluster, string, string]>([
    ['AL2023 without launch template', ami('AL2023_x86_64_STANDARD'), 'denied', 'allowed'],
    ['AL2 without launch template', ami('AL2_x86_64'), 'allowed', 'allowed'],
    ['an AMI type without a documented default', ami('BOTTLEROCKET_x86_64'), 'unknown', 'allowed'],
    ['no AMI type', {}, 'unknown', 'allowed'],
    [
      'hop limit 2',
      options({ HttpTokens: 'required', HttpPutResponseHopLimit: 2 }),
      'allowed',
      'allowed',
    ],
    [
      'hop limit 1',
      options({ HttpTokens: 'required', HttpPutResponseHopLimit: 1 }),
      'denied',
      'allowed',
    ],
    ['tokens without hop limit', options({ HttpTokens: 'required' }), 'unknown', 'allowed'],
    [
      'tokens optional',
      options({ HttpTokens: 'optional', HttpPutResponseHopLimit: 1 }),
      'allowed',
      'allowed',
    ],
    [
      'hop limit 1 and no word on tokens',
      options({ HttpPutResponseHopLimit: 1 }),
      'unknown',
      'allowed',
    ],
    ['a launch template without a word', { template: {} }, 'unknown', 'allowed'],
    ['disabled', options({ HttpEndpoint: 'disabled' }), 'denied', 'denied'],
    [
      'a launch template that is not given',
      { group: { LaunchTemplate: { Id: 'lt-0123456789abcdef0', Version: '1' } } },
      'unknown',
      'unknown',
    ],
    [
      'a parameter',
      {
        ...options({ HttpEndpoint: { Ref: 'Endpoint' } }),
        parameters: { Endpoint: { Type: 'String' } },
      },
      'unknown',
      'unknown',
    ],
  ])('%s', (_, one, pod, node) => {
    expect(verdict(one, ['shop/web', 'ip:169.254.169.254', 80])).toBe(pod);
    expect(verdict(one, ['node:node-a', 'ip:169.254.169.254', 80])).toBe(node);
  });
});

describe('the API server of EKS', () => {
  const HOOK = [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'hook', namespace: 'shop' },
      spec: { selector: { app: 'web' }, ports: [{ port: 443, targetPort: 9443 }] },
    },
  ];
  const nodes = (port: number): EksCluster => ({
    manifests: HOOK,
    template: { SecurityGroupIds: [{ Ref: 'NodeGroup' }] },
    more: {
      NodeGroup: {
        Type: 'AWS::EC2::SecurityGroup',
        Properties: {
          GroupDescription: 'nodes',
          VpcId: { Ref: 'Net' },
          SecurityGroupIngress: [
            {
              IpProtocol: 'tcp',
              FromPort: port,
              ToPort: port,
              SourceSecurityGroupId: { 'Fn::GetAtt': ['Eks', 'ClusterSecurityGroupId'] },
            },
          ],
        },
      },
    },
  });

  test('connects to a webhook’s endpoint at its target port', () => {
    const ask = ['control-plane:orders', 'svc:shop/hook', 443] as const;
    expect(verdict(nodes(9443), ask)).toBe('allowed');
    expect(verdict(nodes(443), ask)).toBe('denied');
    expect(verdict(nodes(443), ['eni:orders/A', 'svc:shop/hook', 443])).toBe('denied');
  });

  test('a port that the Service does not have, and a cluster that is not there', () => {
    expect(verdict(nodes(9443), ['control-plane:orders', 'svc:shop/hook', 80])).toBe('no-route');
    expect(answerOf(nodes(9443), ['control-plane:order', 'svc:shop/hook', 443])).toBe(
      "refused: there is no cluster 'order' with a control plane in a VPC",
    );
  });
});

describe('rules that the AWS Load Balancer Controller writes for targets', () => {
  const NLB = 'service.beta.kubernetes.io/aws-load-balancer';
  const groups = {
    Front: {
      Type: 'AWS::EC2::SecurityGroup',
      Properties: {
        GroupDescription: 'front',
        VpcId: { Ref: 'Net' },
        SecurityGroupIngress: [
          { IpProtocol: 'tcp', FromPort: 80, ToPort: 80, CidrIp: '0.0.0.0/0' },
        ],
      },
    },
    NodeGroup: {
      Type: 'AWS::EC2::SecurityGroup',
      Properties: { GroupDescription: 'nodes', VpcId: { Ref: 'Net' } },
    },
  };
  const balanced = (annotations: object, kind: 'nlb' | 'alb'): EksCluster => ({
    more: groups,
    template: { SecurityGroupIds: [{ Ref: 'NodeGroup' }] },
    manifests: [
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: {
          name: 'web',
          namespace: 'shop',
          annotations: kind === 'nlb' ? annotations : {},
        },
        spec: {
          type: kind === 'nlb' ? 'LoadBalancer' : 'ClusterIP',
          selector: { app: 'web' },
          ports: [{ port: 80 }],
        },
      },
      ...(kind === 'nlb'
        ? []
        : [
            {
              apiVersion: 'networking.k8s.io/v1',
              kind: 'Ingress',
              metadata: { name: 'web', namespace: 'shop', annotations },
              spec: {
                ingressClassName: 'alb',
                defaultBackend: { service: { name: 'web', port: { number: 80 } } },
              },
            },
          ]),
    ],
  });
  const nlb = (more: object) =>
    balanced({ [`${NLB}-type`]: 'external', [`${NLB}-nlb-target-type`]: 'ip', ...more }, 'nlb');
  const alb = (more: object) =>
    balanced({ 'alb.ingress.kubernetes.io/target-type': 'ip', ...more }, 'alb');
  const own = { [`${NLB}-security-groups`]: 'Front' };
  const manages = { [`${NLB}-manage-backend-security-group-rules`]: 'true' };
  const ownAlb = { 'alb.ingress.kubernetes.io/security-groups': 'Front' };
  const managesAlb = { 'alb.ingress.kubernetes.io/manage-backend-security-group-rules': 'true' };

  // AWS Load Balancer Controller: manage-backend-security-group-rules, of Services and of Ingresses.
  test.each([
    ['NLB with groups of the controller', nlb({}), 'allowed'],
    ['NLB with own groups', nlb(own), 'denied'],
    ['NLB with own groups and backend rules', nlb({ ...own, ...manages }), 'allowed'],
    ['ALB with groups of the controller', alb({}), 'allowed'],
    ['ALB with own groups', alb(ownAlb), 'denied'],
    ['ALB with own groups and backend rules', alb({ ...ownAlb, ...managesAlb }), 'allowed'],
  ])('%s', (_, one, right) => {
    expect(verdict(one, ['eni:Db', 'svc:shop/web', 80])).toBe(right);
  });

  test('an ALB does not listen on the port: the Service has only a cluster address', () => {
    expect(verdict(alb({}), ['eni:Db', 'svc:shop/web', 443])).toBe('no-route');
  });
});

describe('nodes and pods that no node group of the templates stands for', () => {
  const TO_POD = ['eni:Db', 'shop/web', 80] as const;
  const literal = { Subnets: ['subnet-0a1b2c3d4e5f60718', { Ref: 'B' }] };

  // eksctl writes ids of the cluster stack's subnets into the stack of a node group.
  test('subnets by literal ids: said by name, and mapped by a parameter', () => {
    const eksctl: EksCluster = { group: literal };
    expect(answerOf(eksctl, TO_POD)).toMatch(
      /^refused: .*the subnets of node group Group are in no template: subnet-0a1b2c3d4e5f60718/,
    );
    const told = [{ name: 'subnet-0a1b2c3d4e5f60718', value: 'A' }];
    expect(verdict({ ...eksctl, given: told }, TO_POD)).toBe('denied');
    expect(verdict({ ...eksctl, given: told }, ['node:node-a', 'eni:Db', 3306])).toBe('allowed');
    const wrong = [{ name: 'subnet-0a1b2c3d4e5f60718', value: 'Nowhere' }];
    expect(answerOf({ ...eksctl, given: wrong }, TO_POD)).toBe(
      'refused: no template has a resource Nowhere',
    );
  });

  test('subnets that only a deployment knows', () => {
    const hidden: EksCluster = {
      group: { Subnets: { Ref: 'Places' } },
      parameters: { Places: { Type: 'List<AWS::EC2::Subnet::Id>' } },
    };
    expect(answerOf(hidden, TO_POD)).toMatch(/^refused: .*are in no template: parameter Places/);
  });

  const open = {
    template: { SecurityGroupIds: [{ Ref: 'Open' }] },
    more: {
      Open: {
        Type: 'AWS::EC2::SecurityGroup',
        Properties: {
          GroupDescription: 'open',
          VpcId: { Ref: 'Net' },
          SecurityGroupIngress: [{ IpProtocol: '-1', CidrIp: '0.0.0.0/0' }],
        },
      },
    },
  };
  const fargate = (selectors: readonly object[]): EksCluster => ({
    ...open,
    more: {
      ...open.more,
      Profile: {
        Type: 'AWS::EKS::FargateProfile',
        Properties: {
          ClusterName: { Ref: 'Eks' },
          PodExecutionRoleArn: 'arn:aws:iam::111122223333:role/pods',
          Subnets: [{ Ref: 'A' }],
          Selectors: selectors,
        },
      },
    },
  });

  // EKS user guide: Fargate profiles (selectors, wildcards).
  test.each([
    ['its namespace', [{ Namespace: 'shop' }], 'unknown'],
    ['a wildcard', [{ Namespace: 'sh*' }], 'unknown'],
    ['its labels', [{ Namespace: 'shop', Labels: [{ Key: 'app', Value: 'web' }] }], 'unknown'],
    ['other labels', [{ Namespace: 'shop', Labels: [{ Key: 'app', Value: 'db' }] }], 'allowed'],
    ['another namespace', [{ Namespace: 'stock' }], 'allowed'],
  ])('a Fargate profile that selects %s', (_, selectors, right) => {
    expect(verdict(fargate(selectors), TO_POD)).toBe(right);
  });

  const node = (labels: object) => ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name: 'node-a',
      labels: { 'topology.kubernetes.io/zone': 'eu-west-1a', ...labels },
    },
  });
  test.each([
    ['a managed node group', {}, 'allowed'],
    ['Karpenter', { 'karpenter.sh/nodepool': 'general' }, 'unknown'],
    ['EKS Auto Mode', { 'eks.amazonaws.com/compute-type': 'auto' }, 'unknown'],
    ['EKS Hybrid Nodes', { 'eks.amazonaws.com/compute-type': 'hybrid' }, 'unknown'],
  ])('a node of %s', (_, labels, right) => {
    expect(verdict({ ...open, manifests: [node(labels)] }, TO_POD)).toBe(right);
  });

  test('a cluster of EKS Auto Mode without node groups', () => {
    const auto: EksCluster = {
      cluster: { ComputeConfig: { Enabled: true, NodePools: ['general-purpose'] } },
      more: { Group: { Type: 'AWS::EC2::EIP', Properties: {} } },
    };
    expect(answerOf(auto, TO_POD)).toMatch(/^unknown: .*Auto Mode/);
  });
});
