import { matches } from '../model/selector';
import { type At, complain, inside } from './at';
import { type LabelSelector, labelSelector, toSelector } from './label-selector';
import { type Metadata, resource } from './metadata';
import { type PodTemplate, podTemplate } from './pod';
import { anything, checked, integer, mapped, object, type Shape } from './shape';

/** Something that makes pods. */
export interface WorkloadObject {
  readonly kind: 'Deployment' | 'StatefulSet' | 'DaemonSet' | 'ReplicaSet' | 'Job' | 'CronJob';
  readonly meta: Metadata;
  /** How many pods; a DaemonSet has one on each node. */
  readonly replicas: number | 'one-a-node';
  readonly template: PodTemplate;
  /** The number of the first pod (StatefulSet `ordinals.start`). */
  readonly first: number;
}

/** More pods than this in one workload is taken for a slip of the keyboard. */
const count = integer(0, 100_000);

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
  ...selecting,
  optional: {
    replicas: count,
    ordinals: object({ optional: { start: count } }),
  },
  ignored: [
    'minReadySeconds',
    'persistentVolumeClaimRetentionPolicy',
    'podManagementPolicy',
    'revisionHistoryLimit',
    'serviceName',
    'updateStrategy',
    'volumeClaimTemplates',
  ],
});

const daemonSetSpec = object({
  ...selecting,
  ignored: ['minReadySeconds', 'revisionHistoryLimit', 'updateStrategy'],
});

const replicaSetSpec = object({
  required: { selector: labelSelector },
  optional: { replicas: count, template: podTemplate },
  ignored: ['minReadySeconds'],
});

const jobSpec = object({
  required: { template: podTemplate },
  optional: { parallelism: count, completions: count },
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
    'suspend',
    'ttlSecondsAfterFinished',
  ],
});

const cronJobSpec = object({
  required: {
    jobTemplate: object({ required: { spec: jobSpec }, optional: { metadata: anything } }),
  },
  ignored: [
    'concurrencyPolicy',
    'failedJobsHistoryLimit',
    'schedule',
    'startingDeadlineSeconds',
    'successfulJobsHistoryLimit',
    'suspend',
    'timeZone',
  ],
});

interface Selecting {
  readonly spec: { readonly selector: LabelSelector; readonly template?: PodTemplate };
}

/** k8s pkg/apis/apps/validation: a workload must select the pods it makes. */
function checkSelected({ spec }: Selecting, at: At): void {
  const { selector, template } = spec;
  if (template === undefined || matches(toSelector(selector), template.meta.labels)) return;
  complain(
    inside(inside(at, 'spec'), 'selector'),
    'the selector does not match the labels of the template',
    'give spec.template.metadata.labels what the selector asks for',
  );
}

/** `apps/v1` Deployment. */
export const deployment: Shape<WorkloadObject> = mapped(
  checked(resource(deploymentSpec), checkSelected),
  ({ metadata, spec }) => make('Deployment', metadata, spec),
);

/** `apps/v1` StatefulSet. */
export const statefulSet: Shape<WorkloadObject> = mapped(
  checked(resource(statefulSetSpec), checkSelected),
  ({ metadata, spec }) => ({
    ...make('StatefulSet', metadata, spec),
    first: spec.ordinals?.start ?? 0,
  }),
);

/** `apps/v1` DaemonSet. */
export const daemonSet: Shape<WorkloadObject> = mapped(
  checked(resource(daemonSetSpec), checkSelected),
  ({ metadata, spec }) => ({ ...make('DaemonSet', metadata, spec), replicas: 'one-a-node' }),
);

/** `apps/v1` ReplicaSet; one without a template makes no pods that could be known. */
export const replicaSet: Shape<WorkloadObject> = mapped(
  checked(resource(replicaSetSpec), checkSelected),
  ({ metadata, spec: { replicas, template } }) =>
    make('ReplicaSet', metadata, {
      replicas: template === undefined ? 0 : replicas,
      template: template ?? NO_TEMPLATE,
    }),
);

/** `batch/v1` Job: as many pods as run at once. */
export const job: Shape<WorkloadObject> = mapped(resource(jobSpec), ({ metadata, spec }) =>
  make('Job', metadata, { replicas: atOnce(spec), template: spec.template }),
);

/** `batch/v1` CronJob: the pods of one run. */
export const cronJob: Shape<WorkloadObject> = mapped(
  resource(cronJobSpec),
  ({ metadata, spec }) => {
    const { spec: jobs } = spec.jobTemplate;
    return make('CronJob', metadata, { replicas: atOnce(jobs), template: jobs.template });
  },
);

const NO_TEMPLATE: PodTemplate = {
  meta: { name: '', namespace: 'default', labels: {}, annotations: {} },
  ports: [],
  hostNetwork: false,
  nodeSelector: {},
  serviceAccount: 'default',
};

const atOnce = (spec: { readonly parallelism?: number; readonly completions?: number }): number =>
  Math.min(spec.parallelism ?? 1, spec.completions ?? Number.POSITIVE_INFINITY);

const make = (
  kind: WorkloadObject['kind'],
  meta: Metadata,
  spec: { readonly replicas?: number; readonly template: PodTemplate },
): WorkloadObject => ({
  kind,
  meta,
  replicas: spec.replicas ?? 1,
  template: spec.template,
  first: 0,
});
