import { synthesizeStage } from '../../charts';
import type { Environment, Lab } from '../lab/format';
import { changeTemplates } from '../lab/template-change';
import { ip } from '../model/address';
import type { Datapath } from '../model/datapath';
import { Failure, type SourceFile } from '../model/problem';
import type { OutsideEndpoint, World } from '../model/world';
import { readWorld } from '../snapshot/world';
import { overlay } from './overlay';
import { InputProblems } from './problems';

type Cluster = Extract<Environment, { readonly kind: 'cluster' }>;

/** A lab's environment where it is a cluster's network; throws where it is bare Linux machines. */
export function clusterOf(lab: Lab<string>): Cluster {
  if (lab.environment.kind === 'cluster') return lab.environment;
  throw new Failure(
    'no-cluster',
    `lab ${lab.id} is about Linux itself: it has no pods, stages or policies`,
    `lab shell opens a machine of it; lab check looks at what you built`,
  );
}

/** What stands around a stage. */
export interface Surroundings {
  /** Manifests that the learner applied on top. */
  readonly applied?: readonly SourceFile[];
  /** The VPC's templates; those of the lab's own network where it has one, else none. */
  readonly templates?: readonly SourceFile[];
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
  { path: `dist/${lab.id}/${stage}.k8s.yaml`, text: synthesizeStage(lab.id, stage) },
];

/**
 * The world of one stage of a lab, read from what its charts synthesize and from what the learner
 * applied on top.
 */
export function stageWorld(
  lab: Lab<string>,
  stage: string,
  { applied = [], templates = networkOf(lab) }: Surroundings = {},
): World {
  const own = stageSources(lab, stage);
  const manifests = applied.length === 0 ? own : overlay([...own, ...applied]);
  const changes = lab.stages.find(({ name }) => name === stage)?.network ?? [];
  const reading = readWorld({
    manifests,
    templates: changeTemplates(templates, templates.length === 0 ? [] : changes),
    outside: outsideOf(clusterOf(lab)),
  });
  if (reading.kind === 'problems') throw new InputProblems(reading.problems);
  return reading.value;
}

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
