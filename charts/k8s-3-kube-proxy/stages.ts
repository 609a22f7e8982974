import { chart } from '../chart';
import type { LabStages } from '../stage';
import { namespaces, Workload } from '../workload';

/** A Service over so many pods, and a client. */
const web = (replicas: number) =>
  chart((scope) => {
    namespaces(scope, 'demo');
    new Workload(scope, { name: 'web', namespace: 'demo', port: 8080, replicas, service: 80 });
    new Workload(scope, { name: 'client', namespace: 'demo', port: 8080, service: 'none' });
  });

export const stages = { three: [web(3)], four: [web(4)] } satisfies LabStages;
