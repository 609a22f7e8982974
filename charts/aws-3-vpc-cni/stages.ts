import { chart } from '../chart';
import { SecurityGroupPolicy } from '../kinds/aws';
import type { LabStages } from '../stage';
import { namespaces, Workload } from '../workload';

const namespace = 'shop';

const Shop = chart((scope) => {
  namespaces(scope, namespace);
  new Workload(scope, { name: 'web', namespace, port: 8080 });
  new Workload(scope, { name: 'db', namespace, port: 5432 });
  new Workload(scope, { name: 'report', namespace, port: 8080 });
});

/**
 * Groups of their own for web and db. The ids are the groups' names in the lab's template; on AWS
 * write what `aws ec2 describe-security-groups` shows for them.
 */
const PodGroups = chart((scope) => {
  const groups = {
    web: 'NetworkSecurityGroupspodswebBB9A55A6',
    db: 'NetworkSecurityGroupspodsdbECD52C21',
  };
  for (const [app, id] of Object.entries(groups)) {
    new SecurityGroupPolicy(scope, {
      name: app,
      namespace,
      spec: { podSelector: { matchLabels: { app } }, securityGroups: { groupIds: [id] } },
    });
  }
});

export const stages = {
  'node-group': [Shop],
  'pod-groups': [Shop, PodGroups],
} satisfies LabStages;
