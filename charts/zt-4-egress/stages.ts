import { chart } from '../chart';
import { type CalicoRuleSpec, GlobalNetworkPolicy, GlobalNetworkSet, Tier } from '../kinds/calico';
import type { LabStages } from '../stage';
import { Application, PARTNER, THREAT } from '../zero-trust/application';

/** A newly reported address: it reaches the policy through the set alone. */
export const NEW_THREAT = '203.0.113.67';

/** Pods of namespaces only: a global policy's `all()` would select the nodes' interfaces too. */
const everyPod = { selector: 'all()', namespaceSelector: 'all()' } as const;

const SecurityTier = chart((scope) => {
  new Tier(scope, { name: 'security', spec: { order: 100, defaultAction: 'Pass' } });
});

const egress = (name: string, order: number, rules: readonly CalicoRuleSpec[]) =>
  chart((scope) => {
    new GlobalNetworkPolicy(scope, {
      name: `security.${name}`,
      spec: { tier: 'security', order, ...everyPod, types: ['Egress'], egress: rules },
    });
  });

/** Credentials of the node's role are one HTTP request away from every pod. */
const NoMetadata = egress('no-metadata', 10, [
  { action: 'Deny', destination: { nets: ['169.254.169.254/32'] } },
]);

const feed = (nets: readonly string[]) =>
  chart((scope) => {
    new GlobalNetworkSet(scope, {
      name: 'threat-feed',
      labels: { feed: 'threats' },
      spec: { nets },
    });
  });

const NoThreats = egress('no-threats', 20, [
  { action: 'Deny', destination: { selector: 'feed == "threats"' } },
]);

const Partners = chart((scope) => {
  new GlobalNetworkSet(scope, {
    name: 'partners',
    labels: { list: 'partners' },
    spec: { nets: [`${PARTNER}/32`] },
  });
});

/** Inside the cluster the next tier decides; of the rest only the partners, and only for api. */
const AllowList = egress('allow-list', 1000, [
  { action: 'Pass', destination: { selector: 'all()', namespaceSelector: 'all()' } },
  {
    action: 'Allow',
    protocol: 'TCP',
    source: { selector: 'app == "api"' },
    destination: { selector: 'list == "partners"', ports: [443] },
  },
  { action: 'Deny' },
]);

/** Outside business hours the partner is closed: put there and taken away by a CronJob. */
const AfterHours = egress('after-hours', 500, [
  { action: 'Deny', destination: { selector: 'list == "partners"' } },
]);

const metadata = [Application, SecurityTier, NoMetadata];
const allowList = [...metadata, Partners, AllowList];
const oldFeed = feed([`${THREAT}/32`]);
const newFeed = feed([`${THREAT}/32`, `${NEW_THREAT}/32`]);

export const stages = {
  open: [Application],
  metadata,
  'threat-feed': [...metadata, oldFeed, NoThreats],
  'feed-updated': [...metadata, newFeed, NoThreats],
  'allow-list': [...allowList, newFeed, NoThreats],
  'after-hours': [...allowList, newFeed, NoThreats, AfterHours],
} satisfies LabStages;
