import { parseAllDocuments } from 'yaml';
import { stagesOf, synthesizeStage } from '../../charts';
import type { Environment, Lab } from '../../lib/lab/format';
import type { Known } from '../../lib/lab/validate';
import { ip } from '../../lib/model/address';
import type { World } from '../../lib/model/world';
import { readWorld } from '../../lib/snapshot/world';

/** An object of a manifest, as far as names go. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly spec?: Readonly<Record<string, unknown>>;
}

/** The objects of one stage. */
export const manifestsOf = (lab: string, stage: string): readonly Manifest[] =>
  parseAllDocuments(synthesizeStage(lab, stage)).map((doc) => doc.toJS() as Manifest);

/** The world of one stage, read by the real reader; throws with every problem where there is one. */
export function worldOf(lab: Lab<string>, stage: string): World {
  const outsiders = lab.environment.kind === 'cluster' ? (lab.environment.outside ?? []) : [];
  const reading = readWorld({
    manifests: [{ path: `${lab.id}/${stage}`, text: synthesizeStage(lab.id, stage) }],
    outside: outsiders.map(({ name, addresses, listens }) => ({
      kind: 'outside',
      name,
      addresses: addresses.map(ip),
      ports: listens.map((port) => ({ protocol: 'TCP', port })),
    })),
  });
  if (reading.kind === 'problems') throw new Error(JSON.stringify(reading.problems, null, 1));
  return reading.value;
}

const WORKLOADS = ['Pod', 'Deployment', 'DaemonSet', 'StatefulSet', 'Job'];

/** What exists in a lab, read from what its charts synthesize and its environment declares. */
export function knownOf(lab: Lab<string>): Known {
  const stages = stagesOf(lab.id);
  const names = new Set(
    lab.environment.kind === 'linux'
      ? linuxNames(lab)
      : [
          'internet',
          ...(lab.environment.outside ?? []).map(({ name }) => name),
          ...stages.flatMap((stage) => clusterNames(lab.id, stage, lab.environment)),
        ],
  );
  const hasEnd = (name: string): boolean => names.has(name) || /^(ip:|node:)/.test(name);
  return { stages, hasEnd };
}

function clusterNames(lab: string, stage: string, environment: Environment): readonly string[] {
  const home = environment.kind === 'cluster' ? environment.home : '';
  return manifestsOf(lab, stage).flatMap(({ kind, metadata: { namespace = 'default', name } }) => {
    const prefix = kind === 'Service' ? 'svc:' : '';
    if (prefix === '' && !WORKLOADS.includes(kind)) return [];
    const full = `${prefix}${namespace}/${name}`;
    return namespace === home ? [full, `${prefix}${name}`] : [full];
  });
}

/** Machines of a Linux lab, and the namespaces that its solutions make. */
function linuxNames(lab: Lab<string>): readonly string[] {
  if (lab.environment.kind !== 'linux') return [];
  const lines = [
    ...lab.environment.prepare,
    ...lab.steps.flatMap(({ solution }) => (solution.kind === 'commands' ? solution.commands : [])),
  ];
  const made = lines.flatMap(({ run }) => /^ip netns add (\S+)$/.exec(run)?.[1] ?? []);
  return [...lab.environment.machines.map(({ name }) => name), ...made];
}
