import { App } from 'cdk8s';
import { Failure } from '../lib/model/problem';
import { stages as aws1 } from './aws-1-vpc/stages';
import { stages as aws2 } from './aws-2-sg-nacl/stages';
import { stages as aws3 } from './aws-3-vpc-cni/stages';
import { stages as aws4 } from './aws-4-load-balancers/stages';
import { stages as aws5 } from './aws-5-path/stages';
import { stages as calico1 } from './calico-1-policy-basics/stages';
import { stages as calico2 } from './calico-2-order/stages';
import { stages as calico3 } from './calico-3-platform/stages';
import { stages as capstone } from './capstone/stages';
import { ClusterDns } from './cluster/dns';
import { stages as cni4 } from './cni-4-anatomy/stages';
import { stages as gov1 } from './gov-1-kyverno/stages';
import { stages as k8s1 } from './k8s-1-pods/stages';
import { stages as k8s2 } from './k8s-2-services/stages';
import { stages as k8s3 } from './k8s-3-kube-proxy/stages';
import { stages as k8s4 } from './k8s-4-dns/stages';
import { stages as k8s5 } from './k8s-5-network-policy/stages';
import { stages as k8s6 } from './k8s-6-ingress/stages';
import { stages as k8s7 } from './k8s-7-troubleshoot/stages';
import { stages as mc1 } from './mc-1-two-clusters/stages';
import { stages as mesh1 } from './mesh-1-mtls/stages';
import { stages as mesh2 } from './mesh-2-canary/stages';
import { stages as obs1 } from './obs-1-observe/stages';
import type { ChartClass, LabStages } from './stage';
import { stages as zt1 } from './zt-1-map/stages';
import { stages as zt2 } from './zt-2-audit/stages';
import { stages as zt3 } from './zt-3-enforce/stages';
import { stages as zt4 } from './zt-4-egress/stages';
import { stages as zt5 } from './zt-5-rollout/stages';

/** Every lab's stages. The keys are the stages' public names, and type every `solution`. */
const charts = {
  'cni-4-anatomy': cni4,
  'k8s-1-pods': k8s1,
  'k8s-2-services': k8s2,
  'k8s-3-kube-proxy': k8s3,
  'k8s-4-dns': k8s4,
  'k8s-5-network-policy': k8s5,
  'k8s-6-ingress': k8s6,
  'k8s-7-troubleshoot': k8s7,
  'aws-1-vpc': aws1,
  'aws-2-sg-nacl': aws2,
  'aws-3-vpc-cni': aws3,
  'aws-4-load-balancers': aws4,
  'aws-5-path': aws5,
  'calico-1-policy-basics': calico1,
  'calico-2-order': calico2,
  'calico-3-platform': calico3,
  'zt-1-map': zt1,
  'zt-2-audit': zt2,
  'zt-3-enforce': zt3,
  'zt-4-egress': zt4,
  'zt-5-rollout': zt5,
  'gov-1-kyverno': gov1,
  'mesh-1-mtls': mesh1,
  'mesh-2-canary': mesh2,
  'obs-1-observe': obs1,
  'mc-1-two-clusters': mc1,
  capstone: capstone,
} satisfies Readonly<Record<string, LabStages>>;

/** Id of a lab that has charts. */
export type ChartedLab = keyof typeof charts;

/** Names of a lab's stages. */
export type StageOf<Id extends ChartedLab> = keyof (typeof charts)[Id] & string;

/**
 * What stands in the YAML: `with-cluster` adds what every cluster already has and the local target
 * has not (its DNS); `alone` holds the lab's own objects, to be applied to a real cluster.
 */
export type StageContents = 'with-cluster' | 'alone';

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
  surroundings: StageContents = 'with-cluster',
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
  const charts = surroundings === 'with-cluster' ? [ClusterDns, ...wanted] : wanted;
  return charts
    .map(textOf)
    .filter((text) => text !== '')
    .join('---\n');
}

/** What was synthesized in this process: stages of a lab have most of their charts in common. */
const written = new Map<ChartClass, string>();

/** A chart by itself: none refers to another, so what it holds does not depend on who is beside it. */
function textOf(chart: ChartClass): string {
  const known = written.get(chart);
  if (known !== undefined) return known;
  const app = new App();
  new chart(app, 'chart');
  const text = app.synthYaml();
  written.set(chart, text);
  return text;
}

const find = (labId: string): LabStages | undefined =>
  Object.hasOwn(charts, labId) ? charts[labId as ChartedLab] : undefined;
