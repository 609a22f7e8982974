import { chart } from '../chart';
import { namespaces, Workload } from '../workload';

/** An outside host that `api` must reach, and one that no pod may reach. */
export const PARTNER = '198.51.100.20';
export const THREAT = '203.0.113.66';

/**
 * The application of the zero-trust labs: web -> api -> db in `shop`, api -> billing in `payments`,
 * prometheus in `monitoring` scrapes them all, and a forgotten debug pod that makes no calls.
 */
export const Application = chart((scope) => {
  namespaces(scope, 'shop', 'payments', 'monitoring');
  new Workload(scope, { name: 'web', namespace: 'shop', port: 8080, replicas: 2 });
  new Workload(scope, { name: 'api', namespace: 'shop', port: 8080, replicas: 2 });
  new Workload(scope, { name: 'db', namespace: 'shop', port: 5432 });
  new Workload(scope, { name: 'debug', namespace: 'shop', port: 8080, service: 'none' });
  new Workload(scope, { name: 'billing', namespace: 'payments', port: 8443 });
  new Workload(scope, { name: 'prometheus', namespace: 'monitoring', port: 9090 });
});
