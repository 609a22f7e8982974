import { type Ip, ip } from '../model/address';
import { BUILT_IN_TIERS } from '../model/policy';
import type { Reading, SourceFile } from '../model/problem';
import type { Namespace, OutsideEndpoint, World } from '../model/world';
import { serviceBlock } from './addresses';
import { newReport } from './at';
import { readObjects } from './documents';
import { placeEndpoints } from './endpoints';
import { noObjects, type Objects, readObject } from './kinds';
import { compare } from './order';
import { placeWorld } from './place';
import { nodeSlots } from './place-nodes';
import { resolveServices } from './services';
import { type Cloud, readTemplates } from './template';

/** What a world is read from. */
export interface Snapshot {
  readonly manifests: readonly SourceFile[];
  /** CloudFormation templates of the VPC around the cluster; without any there is no VPC. */
  readonly templates?: readonly SourceFile[];
  /** Whom the lab knows outside the cluster, beside the internet itself. */
  readonly outside?: readonly OutsideEndpoint[];
}

/** Somebody on the internet: a documentation address (RFC 5737, TEST-NET-3) that web and DNS serve. */
const INTERNET: OutsideEndpoint = {
  kind: 'outside',
  name: 'internet',
  addresses: [ip('203.0.113.10')],
  ports: [
    { protocol: 'TCP', port: 53 },
    { protocol: 'UDP', port: 53 },
    { protocol: 'TCP', port: 80 },
    { protocol: 'TCP', port: 443 },
    { protocol: 'UDP', port: 443 },
  ],
};

/** Reads manifests into the model under judgement: the whole of it, or every problem. */
export function readWorld(snapshot: Snapshot): Reading<World> {
  const report = newReport();
  const objects = noObjects();
  for (const object of readObjects(snapshot.manifests, report)) readObject(object, objects);

  const { templates = [], outside = [] } = snapshot;
  const cloud = templates.length === 0 ? undefined : readTemplates(templates);
  const problems = [...report.problems, ...(cloud?.kind === 'problems' ? cloud.problems : [])];
  if (cloud?.kind !== 'read') {
    const value = assemble(objects, { outside });
    const { warnings, skipped } = report;
    return problems.length > 0
      ? { kind: 'problems', problems }
      : { kind: 'read', value, warnings, skipped };
  }
  const value = assemble(objects, { outside, cloud: cloud.value });
  const placed = placeWorld(value, cloud.value, { addresses: toldAddresses(objects) });
  if (placed.kind === 'problems') problems.push(...placed.problems);
  if (problems.length > 0 || placed.kind === 'problems') return { kind: 'problems', problems };
  const warnings = [...report.warnings, ...cloud.warnings, ...placed.warnings];
  return { ...placed, warnings, skipped: { ...report.skipped, ...cloud.skipped } };
}

const toldAddresses = ({ pods, nodes }: Objects): ReadonlySet<Ip> =>
  new Set([...pods, ...nodes].flatMap(({ value }) => value.addresses));

/** What a world is made of beside the objects. */
interface Around {
  readonly outside: readonly OutsideEndpoint[];
  readonly cloud?: Cloud;
}

function assemble(objects: Objects, { outside: known, cloud }: Around): World {
  const outside = known.some(({ name }) => name === 'internet') ? known : [INTERNET, ...known];
  const clusterIps = objects.services.flatMap(({ value }) => value.clusterIps);
  const told = cloud?.clusters.find((cluster) => cluster.serviceCidr !== undefined);
  const serviceCidr = told?.serviceCidr ?? serviceBlock(clusterIps);
  const namespaces = listNamespaces(objects);
  const { nodes, pods } = placeEndpoints(objects, namespaces, {
    addresses: [...clusterIps, ...outside.flatMap(({ addresses }) => addresses)],
    blocks: [serviceCidr],
    ...(cloud && { machines: nodeSlots(cloud) }),
  });
  return {
    namespaces,
    nodes,
    pods: pods.map(({ endpoint }) => endpoint),
    outside,
    services: resolveServices(objects, pods, serviceCidr),
    tiers: BUILT_IN_TIERS,
    policies: objects.policies.map(({ value }) => value),
    networkSets: [],
    hostEndpoints: [],
    vpcs: [],
    clusterDomain: 'cluster.local',
    serviceCidr,
  };
}

/** The namespaces that are written down and those that are only used, which need no object here. */
function listNamespaces(objects: Objects): readonly Namespace[] {
  const { pods, workloads, services, serviceAccounts, policies } = objects;
  const written = new Map(objects.namespaces.map(({ value }) => [value.name, value.labels]));
  const used = [
    ...[...pods, ...workloads, ...services].map(({ value }) => value.meta.namespace),
    ...serviceAccounts.map(({ value }) => value.namespace),
    ...policies.flatMap(({ value }) => value.namespace ?? []),
  ];
  return [...new Set([...written.keys(), ...used])].sort(compare).map((name) => ({
    name,
    // The API server adds this label and allows no other value of it.
    labels: { ...written.get(name), 'kubernetes.io/metadata.name': name },
  }));
}
