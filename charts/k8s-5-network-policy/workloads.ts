import { Chart } from 'cdk8s';
import { Namespace } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import { Workload } from '../workload';

/** A shop of three tiers, and a stranger next door. */
export class Shop extends Chart {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new Namespace(this, 'shop', { metadata: { name: 'shop' } });
    new Workload(this, { name: 'frontend', namespace: 'shop', port: 8080, replicas: 2 });
    new Workload(this, { name: 'backend', namespace: 'shop', port: 8080, replicas: 2 });
    new Workload(this, { name: 'db', namespace: 'shop', port: 5432 });
    new Namespace(this, 'outside', { metadata: { name: 'outside' } });
    new Workload(this, { name: 'stranger', namespace: 'outside', port: 8080 });
  }
}
