import { labelSelector } from '../policies/label-selector';
import { type Metadata, resource } from '../schema/metadata';
import { filled } from '../schema/names';
import {
  anything,
  checked,
  flag,
  integer,
  mapped,
  object,
  type Shape,
  text,
} from '../schema/shape';
import { type PodTemplate, podTemplate, statefulPodTemplate } from './pod';
import { checkApp, checkCronJob, checkJob, checkStatefulSet } from './workload-check';

/** Something that makes pods. */
export interface WorkloadObject {
  readonly kind: 'Deployment' | 'StatefulSet' | 'DaemonSet' | 'ReplicaSet' | 'Job' | 'CronJob';
  readonly meta: Metadata;
  /** How many pods; a DaemonSet has one on each node. */
  readonly replicas: number | 'one-a-node';
  readonly template: PodTemplate;
  /** `spec.selector.matchLabels`; a Job's is the controller's own. */
  readonly selectorLabels?: Readonly<Record<string, string>>;
  /** The number of the first pod (StatefulSet `ordinals.start`). */
  readonly first: number;
  /** The Service below whose name a StatefulSet's pods have theirs. */
  readonly serviceName?: string;
}

/** What the API server takes (int32); how many pods are made of it is asked by `listPods`. */
const count = integer(0, 2 ** 31 - 1);

const selecting = { required: { selector: labelSelector, template: podTemplate } } as const;

const deploymentSpec = object({
  ...selecting,
  optional: { replicas: count },
  ignored: [
    'minReadySeconds',
    'paused',
    'progressDeadlineSeconds',
    'revisionHistoryLimit',
    'strategy',
  ],
});

const statefulSetSpec = object({
  required: { selector: labelSelector, template: statefulPodTemplate },
  optional: {
    replicas: count,
    ordinals: object({ optional: { start: count } }),
    serviceName: text(),
  },
  ignored: [
    'minReadySeconds',
    'persistentVolumeClaimRetentionPolicy',
    'podManagementPolicy',
    'revisionHistoryLimit',
    'updateStrategy',
    'volumeClaimTemplates',
  ],
});

const daemonSetSpec = object({
  ...selecting,
  ignored: ['minReadySeconds', 'revisionHistoryLimit', 'updateStrategy'],
});

const replicaSetSpec = object({
  ...selecting,
  optional: { replicas: count },
  ignored: ['minReadySeconds'],
});

const jobSpec = object({
  required: { template: podTemplate },
  optional: { parallelism: count, completions: count, suspend: flag },
  ignored: [
    'activeDeadlineSeconds',
    'backoffLimit',
    'backoffLimitPerIndex',
    'completionMode',
    'managedBy',
    'manualSelector',
    'maxFailedIndexes',
    'podFailurePolicy',
    'podReplacementPolicy',
    'selector',
    'successPolicy',
    'ttlSecondsAfterFinished',
  ],
});

const cronJobSpec = object({
  required: {
    jobTemplate: object({ required: { spec: jobSpec }, optional: { metadata: anything } }),
    schedule: filled,
  },
  ignored: [
    'concurrencyPolicy',
    'failedJobsHistoryLimit',
    'startingDeadlineSeconds',
    'successfulJobsHistoryLimit',
    'suspend',
    'timeZone',
  ],
});

/** `apps/v1` Deployment. */
export const deployment: Shape<WorkloadObject> = mapped(
  checked(resource(deploymentSpec), checkApp),
  ({ metadata, spec }) => make('Deployment', metadata, spec),
);

/** `apps/v1` StatefulSet. */
export const statefulSet: Shape<WorkloadObject> = mapped(
  checked(resource(statefulSetSpec), checkStatefulSet),
  ({ metadata, spec }) => ({
    ...make('StatefulSet', metadata, spec),
    first: spec.ordinals?.start ?? 0,
    ...(spec.serviceName !== undefined && { serviceName: spec.serviceName }),
  }),
);

/** `apps/v1` DaemonSet. */
export const daemonSet: Shape<WorkloadObject> = mapped(
  checked(resource(daemonSetSpec), checkApp),
  ({ metadata, spec }) => ({ ...make('DaemonSet', metadata, spec), replicas: 'one-a-node' }),
);

/** `apps/v1` ReplicaSet. */
export const replicaSet: Shape<WorkloadObject> = mapped(
  checked(resource(replicaSetSpec), checkApp),
  ({ metadata, spec }) => make('ReplicaSet', metadata, spec),
);

/** `batch/v1` Job: as many pods as run at once. */
export const job: Shape<WorkloadObject> = mapped(
  checked(resource(jobSpec), checkJob),
  ({ metadata, spec }) =>
    make('Job', metadata, { replicas: atOnce(spec), template: spec.template }),
);

/** `batch/v1` CronJob: the pods of one run. */
export const cronJob: Shape<WorkloadObject> = mapped(
  checked(resource(cronJobSpec), checkCronJob),
  ({ metadata, spec }) => {
    const { spec: jobs } = spec.jobTemplate;
    return make('CronJob', metadata, { replicas: atOnce(jobs), template: jobs.template });
  },
);

const atOnce = (spec: { readonly parallelism?: number; readonly completions?: number }): number =>
  Math.min(spec.parallelism ?? 1, spec.completions ?? Number.POSITIVE_INFINITY);

const make = (
  kind: WorkloadObject['kind'],
  meta: Metadata,
  spec: {
    readonly replicas?: number;
    readonly selector?: { readonly matchLabels?: Readonly<Record<string, string>> };
    readonly template: PodTemplate;
  },
): WorkloadObject => ({
  kind,
  meta,
  replicas: spec.replicas ?? 1,
  template: spec.template,
  ...(spec.selector?.matchLabels !== undefined && { selectorLabels: spec.selector.matchLabels }),
  first: 0,
});
