import { chart } from '../chart';
import {
  CalicoNetworkPolicy,
  type CalicoRuleSpec,
  GlobalNetworkPolicy,
  GlobalNetworkSet,
  Tier,
} from '../kinds/calico';
import { app, networkPolicy } from '../policies/network-policy';
import { tcp } from '../policies/ports';
import type { LabStages } from '../stage';
import { namespaces, Workload } from '../workload';

const namespace = 'shop';

/** Two clients of one server; every arrangement is about what they may do. */
const Pods = chart((scope) => {
  namespaces(scope, namespace);
  new Workload(scope, { name: 'web', namespace, port: 8080 });
  new Workload(scope, { name: 'red', namespace, port: 8080, service: 'none' });
  new Workload(scope, { name: 'blue', namespace, port: 8080, service: 'none' });
});

/** A Kubernetes policy that admits callers. To Calico it is order 1000 in the tier `default`. */
const admit = (...callers: readonly string[]) =>
  chart((scope) =>
    networkPolicy(scope, 'shop/admit', {
      podSelector: { matchLabels: { app: 'web' } },
      policyTypes: ['Ingress'],
      ingress: [{ from: callers.map(app), ports: [tcp(8080)] }],
    }),
  );

const AdmitBoth = admit('red', 'blue');

const red = { selector: 'app == "red"' };
const denyRed: CalicoRuleSpec = { action: 'Deny', source: red };

const calico = (name: string, order: number | undefined, ingress: readonly CalicoRuleSpec[]) =>
  chart((scope) => {
    new CalicoNetworkPolicy(scope, {
      name,
      namespace,
      spec: { order, selector: 'app == "web"', types: ['Ingress'], ingress },
    });
  });

/** A tier that is asked before `default`, with one policy that applies to web. */
const tiered = (ingress: readonly CalicoRuleSpec[], defaultAction: 'Deny' | 'Pass') =>
  chart((scope) => {
    new Tier(scope, { name: 'security', spec: { order: 100, defaultAction } });
    new GlobalNetworkPolicy(scope, {
      name: 'security.guard',
      spec: {
        tier: 'security',
        order: 10,
        selector: 'app == "web"',
        namespaceSelector: 'projectcalico.org/name == "shop"',
        types: ['Ingress'],
        ingress,
      },
    });
  });

/** Addresses as labelled sets: the rule names the label, the list changes without it. */
const Banned = chart((scope) => {
  new GlobalNetworkSet(scope, {
    name: 'banned',
    labels: { list: 'banned' },
    spec: { nets: ['203.0.113.66/32'] },
  });
  new GlobalNetworkPolicy(scope, {
    name: 'default.no-banned',
    spec: {
      order: 1,
      selector: 'app == "web"',
      namespaceSelector: 'projectcalico.org/name == "shop"',
      types: ['Ingress'],
      ingress: [{ action: 'Deny', source: { selector: 'list == "banned"' } }, { action: 'Allow' }],
    },
  });
});

export const stages = {
  'kubernetes-only': [Pods, AdmitBoth],
  'deny-before': [Pods, AdmitBoth, calico('deny-red', 500, [denyRed])],
  'deny-after': [Pods, AdmitBoth, calico('deny-red', 2000, [denyRed])],
  'deny-without-order': [Pods, AdmitBoth, calico('deny-red', undefined, [denyRed])],
  'log-then-deny': [
    Pods,
    AdmitBoth,
    calico('watch-red', 500, [{ action: 'Log', source: red }, denyRed]),
  ],
  'pass-in-default': [
    Pods,
    admit('blue'),
    calico('pass-red', 500, [{ action: 'Pass', source: red }]),
  ],
  'tier-denies': [Pods, AdmitBoth, tiered([denyRed, { action: 'Pass' }], 'Deny')],
  'tier-passes': [Pods, AdmitBoth, tiered([{ action: 'Pass', source: red }], 'Deny')],
  'end-of-tier': [Pods, AdmitBoth, tiered([denyRed], 'Deny')],
  'end-of-tier-pass': [Pods, AdmitBoth, tiered([denyRed], 'Pass')],
  'network-set': [Pods, Banned],
} satisfies LabStages;
