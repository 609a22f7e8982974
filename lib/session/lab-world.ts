import { DEFAULT_KUBERNETES, releaseOf } from '../cloud/config/versions';
import type { Lab, LabEnvironment } from '../lab/format';
import { changeTemplates } from '../lab/template-change';
import { ip } from '../model/address';
import { calicoMinor } from '../model/calico-release';
import type { Datapath } from '../model/datapath';
import { Failure, InputProblems, type SourceFile } from '../model/problem';
import type { OutsideEndpoint, World } from '../model/world';
import { readWorld, type Snapshot } from '../read/world';
import { overlay } from './overlay';
import { stageText } from './stage-text';
import { isTemplatePatch, patchTemplates } from './template-patch';

type Cluster = Extract<LabEnvironment, { readonly kind: 'cluster' }>;

/** A lab's environment where it is a cluster's network; throws where it is bare Linux machines. */
export function clusterOf(lab: Lab<string>): Cluster {
  if (lab.environment.kind === 'cluster') return lab.environment;
  throw new Failure(
    'no-cluster',
    `lab ${lab.id} is about Linux itself and has no pods, stages or policies`,
    `use lab shell to open one of its machines, and lab check to check what you built`,
  );
}

/** What stands around a stage. */
export interface Surroundings {
  /** Manifests that the learner applied on top. */
  readonly applied?: readonly SourceFile[];
  /** The VPC's templates; those of the lab's own network where it has one, else none. */
  readonly templates?: readonly SourceFile[];
  /** Manifests in place of everything that the stage has. @default the stage's own, and what was applied */
  readonly sources?: readonly SourceFile[];
}

/** Templates of labs by id: synthesis takes a second and never differs within a process. */
const synthesized = new Map<string, readonly SourceFile[]>();

function networkOf(lab: Lab<string>): readonly SourceFile[] {
  const { network } = clusterOf(lab);
  if (network === undefined) return [];
  const known = synthesized.get(network);
  if (known !== undefined) return known;
  const templates = loadSynthesis().synthesizeTemplates(network);
  synthesized.set(network, templates);
  return templates;
}

/** CDK is loaded only by labs that have a VPC: the others start without it. */
const loadSynthesis = () => require('./synthesize') as typeof import('./synthesize');

/** What the lab's charts synthesize for one stage. */
export const stageSources = (lab: Lab<string>, stage: string): readonly SourceFile[] => [
  { path: `dist/${lab.id}/${stage}.k8s.yaml`, text: stageText(lab.id, stage) },
];

/**
 * The world of one stage of a lab, read from what its charts synthesize and from what the learner
 * applied on top.
 */
export function stageWorld(lab: Lab<string>, stage: string, around: Surroundings = {}): World {
  const reading = readWorld(stageSnapshot(lab, stage, around));
  if (reading.kind === 'problems') throw new InputProblems(reading.problems);
  return reading.value;
}

/** The files that `stageWorld` reads: manifests, templates as the stage changes them, hosts outside. */
export function stageSnapshot(
  lab: Lab<string>,
  stage: string,
  { applied = [], templates = networkOf(lab), sources }: Surroundings = {},
): Snapshot {
  const own = sources ?? stageSources(lab, stage);
  const written = applied.filter((file) => !isTemplatePatch(file));
  return {
    manifests: written.length === 0 ? own : overlay([...own, ...written]),
    templates: stageTemplates(lab, stage, applied, templates),
    outside: outsideOf(clusterOf(lab)),
    ...(installedCalico && { calico: installedCalico }),
  };
}

/** The templates of a lab's VPC at a stage, with the patches among the applied files laid over them. */
export function stageTemplates(
  lab: Lab<string>,
  stage: string,
  applied: readonly SourceFile[] = [],
  templates: readonly SourceFile[] = networkOf(lab),
): readonly SourceFile[] {
  const changes = lab.stages.find(({ name }) => name === stage)?.network ?? [];
  const changed = changeTemplates(templates, templates.length === 0 ? [] : changes);
  return patchTemplates(changed, applied.filter(isTemplatePatch));
}

/** The release of Calico that labs install on their Kubernetes version. */
const { calico: installed } = releaseOf(DEFAULT_KUBERNETES);
const installedCalico = 'version' in installed ? calicoMinor(installed.version) : undefined;

/** What checks ask of a lab: the namespace of its names, and the world of each of its stages. */
export const labNames = (lab: Lab<string>) => ({
  home: clusterOf(lab).home,
  stageWorld: (stage: string): World => stageWorld(lab, stage),
});

/** How packets travel between nodes at a stage: its own way, else its lab's. */
export const datapathAt = (lab: Lab<string>, stage: string): Datapath =>
  lab.stages.find(({ name }) => name === stage)?.datapath ?? clusterOf(lab).datapath ?? 'vpc-cni';

const outsideOf = (environment: Cluster): readonly OutsideEndpoint[] =>
  (environment.outside ?? []).map(({ name, addresses, listens }) => ({
    kind: 'outside',
    name,
    addresses: addresses.map(ip),
    ports: listens.map((port) => ({ protocol: 'TCP', port })),
  }));
