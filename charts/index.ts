import { App } from 'cdk8s';
import { Failure } from '../lib/model/problem';
import { ClusterDns } from './cluster/dns';
import { stages as k8s5 } from './k8s-5-network-policy/stages';
import type { ChartClass, LabStages } from './stage';

/** Every lab's stages. The keys are the stages' public names, and type every `solution`. */
const charts = {
  'k8s-5-network-policy': k8s5,
} satisfies Readonly<Record<string, LabStages>>;

/** Id of a lab that has charts. */
export type ChartedLab = keyof typeof charts;

/** Names of a lab's stages. */
export type StageOf<Id extends ChartedLab> = keyof (typeof charts)[Id] & string;

/**
 * What stands in the YAML: `with-cluster` adds what every cluster already has and the local target
 * has not (its DNS); `alone` holds the lab's own objects, to be applied to a real cluster.
 */
export type Surroundings = 'with-cluster' | 'alone';

/** Ids of the labs that have charts. */
export const chartedLabs = Object.keys(charts) as readonly ChartedLab[];

/**
 * Names of a lab's stages in the order they are walked; empty for a lab without charts (the Linux
 * labs).
 */
export const stagesOf = (labId: string): readonly string[] => Object.keys(find(labId) ?? {});

/**
 * The manifests of one stage as YAML, synthesized in this process, no file touched; the same text
 * every time.
 * @throws Failure `unknown-stage` where the lab has no such stage.
 */
export function synthesizeStage(
  labId: string,
  stage: string,
  surroundings: Surroundings = 'with-cluster',
): string {
  const stages = find(labId) ?? {};
  const wanted = Object.hasOwn(stages, stage) ? stages[stage] : undefined;
  if (wanted === undefined) {
    throw new Failure(
      'unknown-stage',
      `lab '${labId}' has no stage '${stage}'`,
      `use ${Object.keys(stages).join(' or ') || `one of ${chartedLabs.join(', ')}`}`,
    );
  }
  return synthesize(surroundings === 'with-cluster' ? [ClusterDns, ...wanted] : wanted);
}

function synthesize(classes: readonly ChartClass[]): string {
  const app = new App();
  for (const [index, chart] of classes.entries()) new chart(app, `${index}`);
  return app.synthYaml();
}

const find = (labId: string): LabStages | undefined =>
  Object.hasOwn(charts, labId) ? charts[labId as ChartedLab] : undefined;
