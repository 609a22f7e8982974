import { chart } from '../chart';
import { StagedGlobalNetworkPolicy } from '../kinds/calico';
import { allowDns } from '../policies/allow-dns';
import { defaultDeny } from '../policies/default-deny';
import { app, networkPolicy } from '../policies/network-policy';
import { tcp } from '../policies/ports';
import type { LabStages, StageCharts } from '../stage';
import { namespaces, Workload } from '../workload';

const NAMESPACES = ['test', 'team-a', 'team-b'] as const;

/** The same small application three times: one to try things in, two that matter. */
const Applications = chart((scope) => {
  namespaces(scope, ...NAMESPACES);
  for (const namespace of NAMESPACES) {
    new Workload(scope, { name: 'web', namespace, port: 8080 });
    new Workload(scope, { name: 'api', namespace, port: 8080 });
  }
});

/** What a default deny would close, in every namespace at once: counted, and nothing closed. */
const audit = (...included: readonly string[]) =>
  chart((scope) => {
    new StagedGlobalNetworkPolicy(scope, {
      name: 'default.audit-deny',
      spec: {
        stagedAction: 'Set',
        selector: 'all()',
        namespaceSelector: `projectcalico.org/name in {${included.map((n) => `"${n}"`).join(', ')}}`,
        types: ['Ingress', 'Egress'],
      },
    });
  });

const paths = (namespace: string) =>
  chart((scope) => {
    networkPolicy(scope, `${namespace}/web`, {
      podSelector: { matchLabels: { app: 'web' } },
      policyTypes: ['Egress'],
      egress: [{ to: [app('api')], ports: [tcp(8080)] }],
    });
    networkPolicy(scope, `${namespace}/api`, {
      podSelector: { matchLabels: { app: 'api' } },
      policyTypes: ['Ingress'],
      ingress: [{ from: [app('web')], ports: [tcp(8080)] }],
    });
  });

const enforced = (namespace: string): StageCharts => [
  defaultDeny(namespace),
  allowDns(namespace),
  paths(namespace),
];

export const stages = {
  monitor: [Applications],
  'audit-test': [Applications, audit('test')],
  'enforce-test': [Applications, ...enforced('test'), audit('team-a', 'team-b')],
  'enforce-team-a': [Applications, ...enforced('test'), ...enforced('team-a'), audit('team-b')],
  'enforce-all': [Applications, ...enforced('test'), ...enforced('team-a'), ...enforced('team-b')],
} satisfies LabStages;
