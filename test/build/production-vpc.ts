import type { SourceFile } from '../../lib/model/problem';
import type { World } from '../../lib/model/world';
import { readWorld } from '../../lib/read/world';
import { labTemplates } from '../lab-templates';

/**
 * A world of plain pods, host-network pods and pods with groups of their own, over three zones of
 * the production VPC; of other templates where given.
 */
export function vpcWorld(
  templates: readonly SourceFile[] = productionTemplates(),
  more: readonly object[] = [],
): World {
  const manifests = [...PODS.map(podManifest), ...GROUPS.map(groupPolicy), ...more];
  const text = manifests.map((manifest) => JSON.stringify(manifest)).join('\n---\n');
  const reading = readWorld({ manifests: [{ path: 'pods.yaml', text }], templates });
  if (reading.kind === 'problems') throw new Error(JSON.stringify(reading.problems, null, 2));
  return reading.value;
}

/** The lab with the richest network, with private endpoints. */
export const productionTemplates = (): readonly SourceFile[] =>
  labTemplates({ lab: 'aws-3-vpc-cni', size: 'production', privateOnly: 'true' });

interface Pod {
  readonly namespace?: string;
  readonly name: string;
  readonly node: string;
  readonly hostNetwork?: true;
  /** The group of its branch interface. */
  readonly group?: (typeof GROUPS)[number];
}

const GROUPS = ['pods-web', 'pods-db'] as const;

const PODS: readonly Pod[] = [
  { name: 'web-a', node: 'node-a' },
  { name: 'api-a', node: 'node-a' },
  { name: 'host-a', node: 'node-a', hostNetwork: true },
  { name: 'front-a', node: 'node-a', group: 'pods-web' },
  { name: 'db-a', node: 'node-a', group: 'pods-db' },
  { name: 'web-a2', node: 'node-a2' },
  { name: 'web-b', node: 'node-b' },
  { name: 'front-b', node: 'node-b', group: 'pods-web' },
  { name: 'db-b', node: 'node-b', group: 'pods-db' },
  { name: 'dns-b', node: 'node-b', namespace: 'kube-system' },
  { name: 'web-c', node: 'node-c' },
  { name: 'host-c', node: 'node-c', hostNetwork: true },
];

const podManifest = ({ namespace = 'shop', name, node, hostNetwork, group }: Pod): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { namespace, name, labels: group === undefined ? {} : { group } },
  spec: {
    nodeName: node,
    ...(hostNetwork && { hostNetwork }),
    containers: [{ name: 'main', image: 'none' }],
  },
});

const groupPolicy = (group: string): object => ({
  apiVersion: 'vpcresources.k8s.aws/v1beta1',
  kind: 'SecurityGroupPolicy',
  metadata: { namespace: 'shop', name: group },
  spec: { podSelector: { matchLabels: { group } }, securityGroups: { groupIds: [group] } },
});
