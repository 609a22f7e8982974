import { App, Stack } from 'aws-cdk-lib';
import { CfnLaunchTemplate } from 'aws-cdk-lib/aws-ec2';
import { CfnAddon, CfnCluster, CfnNodegroup } from 'aws-cdk-lib/aws-eks';
import { readConfig } from '../lib/cloud/config';
import { addLab } from '../lib/cloud/lab-app';
import type { LabNetwork } from '../lib/cloud/lab-network';
import type { SourceFile } from '../lib/model/problem';

/**
 * The templates of one lab, synthesized in this process as `cdk synth` would, with a cluster that
 * has custom networking, prefix delegation and groups for pods.
 */
export function labTemplates(context: Readonly<Record<string, string>>): readonly SourceFile[] {
  const app = new App({ context: { ...context, ttl: '4h', owner: 'tester' } });
  const config = readConfig(app.node.getAllContext(), new Date('2026-11-21T12:00:00Z'));
  if (config.kind !== 'read') throw new Error(JSON.stringify(config.problems, null, 2));
  const { network } = addLab(app, config.value);
  addCluster(new Stack(app, 'cluster'), network.network);
  return app.synth().stacks.map((stack) => ({
    path: `${stack.stackName}.template.json`,
    text: JSON.stringify(stack.template),
  }));
}

function addCluster(stack: Stack, { lab, securityGroups }: LabNetwork): void {
  const { subnets } = lab;
  const ids = (group: keyof typeof subnets): string[] => subnets[group].map((s) => s.subnetId);
  const nodes = securityGroups.get('nodes').securityGroupId;
  new CfnCluster(stack, 'Cluster', {
    name: 'lab',
    roleArn: 'arn:aws:iam::111122223333:role/lab',
    kubernetesNetworkConfig: { serviceIpv4Cidr: '172.20.0.0/16' },
    resourcesVpcConfig: {
      subnetIds: ids('control-plane'),
      securityGroupIds: [securityGroups.get('control-plane').securityGroupId],
    },
  });
  const template = new CfnLaunchTemplate(stack, 'Template', {
    launchTemplateData: { securityGroupIds: [nodes] },
  });
  new CfnNodegroup(stack, 'Nodes', {
    clusterName: 'lab',
    nodegroupName: 'nodes',
    nodeRole: 'arn:aws:iam::111122223333:role/nodes',
    subnets: ids('nodes'),
    scalingConfig: { desiredSize: 4 },
    launchTemplate: { id: template.ref },
  });
  const perZone = subnets.pods.map((subnet, i) => [
    'abc'.charAt(i),
    { id: subnet.subnetId, securityGroups: [nodes] },
  ]);
  new CfnAddon(stack, 'VpcCni', {
    clusterName: 'lab',
    addonName: 'vpc-cni',
    configurationValues: stack.toJsonString({
      env: {
        AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: 'true',
        ENABLE_PREFIX_DELEGATION: 'true',
        ENABLE_POD_ENI: 'true',
      },
      eniConfig: { create: true, region: stack.region, subnets: Object.fromEntries(perZone) },
    }),
  });
}
