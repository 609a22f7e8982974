import { stagesOf, synthesizeStage } from '../../charts';
import { type Topology, topologyOf } from '../../lib/lab/diagram';
import type { Lab, LabEnvironment } from '../../lib/lab/format';
import type { Known } from '../../lib/lab/validate';
import type { World } from '../../lib/model/world';
import { svgOf } from '../../lib/picture/svg';
import { LIGHT } from '../../lib/picture/theme';
import { newReport } from '../../lib/read/schema/at';
import { readObjects } from '../../lib/read/schema/documents';
import { labMap } from '../../lib/session/lab-map';
import { stageWorld } from '../../lib/session/lab-world';
import { labTemplates } from '../lab-templates';

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

/** The objects of a manifest. */
export const manifestsIn = (text: string): readonly Manifest[] =>
  [...readObjects([{ path: 'manifests.yaml', text }], newReport())].map(
    ({ value }) => value as Manifest,
  );

/** The world of one stage, as `lab stage` shows it: manifests, and the lab's VPC with its changes. */
export function worldOf(lab: Lab<string>, stage: string): World {
  const network = lab.environment.kind === 'cluster' ? lab.environment.network : undefined;
  const templates = network === undefined ? [] : labTemplates({ lab: network, size: 'small' });
  return stageWorld(lab, stage, { templates });
}

/** What a lab's diagram shows: its last stage's world, or its machines. */
export const labTopology = (lab: Lab<string>): Topology => {
  const last = lab.stages.at(-1);
  return topologyOf(lab, last === undefined ? undefined : worldOf(lab, last.name));
};

/** The picture of a lab in its text: its last stage on the layout of all of them, or its machines. */
export const labSvg = (lab: Lab<string>): string =>
  svgOf(labMap(lab, { worldAt: (stage) => worldOf(lab, stage) }), LIGHT);

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
  // A pod of a workload is its name and a number.
  const hasEnd = (name: string): boolean =>
    names.has(name) || names.has(name.replace(/-\d+$/, '')) || /^(ip:|node:)/.test(name);
  return { stages, hasEnd };
}

function clusterNames(lab: string, stage: string, environment: LabEnvironment): readonly string[] {
  const home = environment.kind === 'cluster' ? environment.home : '';
  return manifestsIn(synthesizeStage(lab, stage)).flatMap(
    ({ kind, metadata: { namespace = 'default', name } }) => {
      const prefix = kind === 'Service' ? 'svc:' : '';
      if (prefix === '' && !WORKLOADS.includes(kind)) return [];
      const full = `${prefix}${namespace}/${name}`;
      return namespace === home ? [full, `${prefix}${name}`] : [full];
    },
  );
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
