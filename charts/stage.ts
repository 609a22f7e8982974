import type { Chart } from 'cdk8s';
import type { Construct } from 'constructs';

/** A chart that needs nothing but its place. */
export type ChartClass = new (scope: Construct, id: string) => Chart;

/** What a stage consists of, in the order it is applied: namespaces and workloads, then policies. */
export type StageCharts = readonly ChartClass[];

/** Stages of one lab by name, in the order they are walked. */
export type LabStages = Readonly<Record<string, StageCharts>>;
