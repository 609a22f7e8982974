import { chart } from '../chart';
import type { LabStages } from '../stage';
import { namespaces, Workload } from '../workload';

/** One workload to follow from its name down to its cable. */
const Web = chart((scope) => {
  namespaces(scope, 'demo');
  new Workload(scope, { name: 'web', namespace: 'demo', port: 8080, replicas: 2 });
});

export const stages = { open: [Web] } satisfies LabStages;
