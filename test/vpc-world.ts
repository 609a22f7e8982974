import type { World } from '../lib/model/world';
import { placeWorld } from '../lib/snapshot/place';
import { nodeSlots } from '../lib/snapshot/place-nodes';
import { readTemplates } from '../lib/snapshot/template';
import { readWorld } from '../lib/snapshot/world';
import { labTemplates } from './lab-templates';

/** A world of plain pods, host-network pods and pods with groups of their own, over three zones. */
export function vpcWorld(templates = labTemplates(PRODUCTION)): World {
  const cloud = readTemplates(templates);
  if (cloud.kind === 'problems') throw new Error(JSON.stringify(cloud.problems, null, 2));
  const text = PODS.map(podManifest).join('\n---\n');
  const bare = readWorld({ manifests: [{ path: 'pods.yaml', text }] });
  if (bare.kind === 'problems') throw new Error(JSON.stringify(bare.problems, null, 2));
  const groups = new Map(PODS.map(({ name, group }) => [name, group]));
  const labels = new Map(nodeSlots(cloud.value).map((slot) => [slot.name, slot.labels]));
  const world = {
    ...bare.value,
    nodes: bare.value.nodes.map((node) => ({ ...node, labels: labels.get(node.name) ?? {} })),
    pods: bare.value.pods.map((pod) => {
      const group = groups.get(pod.name);
      return group === undefined ? pod : { ...pod, securityGroups: [group] };
    }),
  };
  const placed = placeWorld(world, cloud.value, { addresses: new Set() });
  if (placed.kind === 'problems') throw new Error(JSON.stringify(placed.problems, null, 2));
  return placed.value;
}

/** The lab with the richest network, with private endpoints. */
const PRODUCTION = { lab: 'aws-3-vpc-cni', size: 'production', privateOnly: 'true' };

interface Pod {
  readonly namespace?: string;
  readonly name: string;
  readonly node: string;
  readonly hostNetwork?: true;
  /** The group of its branch interface. */
  readonly group?: string;
}

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

const podManifest = ({ namespace = 'shop', name, node, hostNetwork }: Pod): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace, name },
    spec: { nodeName: node, hostNetwork, containers: [{ name: 'main', image: 'none' }] },
  });
