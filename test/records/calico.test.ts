import type { World } from '../../lib/model/world';
import { createEngine } from '../../lib/reach/engine';
import { calicoFlowLogs } from '../../lib/records/calico';
import type { PolicyHit } from '../../lib/records/calico-trace';
import { calico, flow, networkPolicy, pod } from '../build/manifests';
import { worldOf } from '../build/world-of';

const PODS = [
  pod('shop/web', { labels: { app: 'web' } }),
  pod('shop/db', { labels: { app: 'db' } }),
];
const AT = new Date('2026-11-21T12:00:00Z');

function logsOf(world: World, asked: ReturnType<typeof flow>) {
  const enforced = createEngine(world, { staged: 'as-written' }).explain(asked);
  const pending = createEngine(world, { staged: 'as-enforced' }).explain(asked);
  return calicoFlowLogs(world, { enforced, pending, at: AT });
}

/** `Kind namespace/name tier Action rule`, and what triggered the end of a tier. */
const short = ({ kind, namespace, name, tier, action, rule_index, trigger }: PolicyHit): string => {
  const by = trigger === null ? '' : ` by ${trigger.kind} ${trigger.namespace}/${trigger.name}`;
  return `${kind} ${[namespace, name].filter(Boolean).join('/')} ${tier} ${action} ${rule_index}${by}`;
};

const trace = (world: World, asked: ReturnType<typeof flow>) =>
  logsOf(world, asked).map(({ reporter, action, policies: { enforced, pending } }) => ({
    reporter,
    action,
    enforced: enforced.map(short),
    pending: pending.map(short),
  }));

const PROFILE = 'Profile kns.shop  Allow 0';

test('a whole flow log', () => {
  expect(logsOf(worldOf(PODS), flow('shop/web', 'shop/db', 80))[0]).toEqual({
    start_time: '2026-11-21T12:00:00.000Z',
    end_time: '2026-11-21T12:00:00.000Z',
    action: 'Allow',
    source_name: 'web',
    source_namespace: 'shop',
    source_labels:
      'app=web | projectcalico.org/namespace=shop | projectcalico.org/orchestrator=k8s | projectcalico.org/serviceaccount=default',
    dest_name: 'db',
    dest_namespace: 'shop',
    dest_labels:
      'app=db | projectcalico.org/namespace=shop | projectcalico.org/orchestrator=k8s | projectcalico.org/serviceaccount=default',
    protocol: 'tcp',
    dest_port: 80,
    reporter: 'Src',
    policies: {
      enforced: [
        {
          kind: 'Profile',
          name: 'kns.shop',
          namespace: '',
          tier: '',
          action: 'Allow',
          policy_index: 0,
          rule_index: 0,
          trigger: null,
        },
      ],
      pending: [
        {
          kind: 'Profile',
          name: 'kns.shop',
          namespace: '',
          tier: '',
          action: 'Allow',
          policy_index: 0,
          rule_index: 0,
          trigger: null,
        },
      ],
    },
  });
});

const dbFromWeb = networkPolicy('shop/db', {
  podSelector: { matchLabels: { app: 'db' } },
  ingress: [{ from: [{ podSelector: { matchLabels: { app: 'api' } } }] }],
});
const stagedDeny = calico('StagedNetworkPolicy', 'shop/deny', {
  stagedAction: 'Set',
  selector: 'all()',
  types: ['Ingress', 'Egress'],
});
const TIERED = [
  calico('Tier', 'security', { order: 10 }),
  calico('GlobalNetworkPolicy', 'security.pass', {
    tier: 'security',
    selector: "app == 'db'",
    types: ['Ingress'],
    ingress: [{ action: 'Log' }, { action: 'Pass' }],
  }),
  calico('NetworkPolicy', 'shop/allow', {
    selector: "app == 'db'",
    types: ['Ingress'],
    ingress: [{ action: 'Allow' }],
  }),
];

test.each([
  {
    what: 'nobody isolates: the profile allows at both ends',
    objects: [],
    expected: [
      { reporter: 'Src', action: 'Allow', enforced: [PROFILE], pending: [PROFILE] },
      { reporter: 'Dst', action: 'Allow', enforced: [PROFILE], pending: [PROFILE] },
    ],
  },
  {
    what: 'ingress denies: the source let it go, the destination did not',
    objects: [dbFromWeb],
    expected: [
      { reporter: 'Src', action: 'Allow', enforced: [PROFILE], pending: [PROFILE] },
      {
        reporter: 'Dst',
        action: 'Deny',
        enforced: ['EndOfTier  default Deny -1 by NetworkPolicy shop/db'],
        pending: ['EndOfTier  default Deny -1 by NetworkPolicy shop/db'],
      },
    ],
  },
  {
    what: 'egress denies: nobody else saw it',
    objects: [networkPolicy('shop/web', { policyTypes: ['Egress'] })],
    expected: [
      {
        reporter: 'Src',
        action: 'Deny',
        enforced: ['EndOfTier  default Deny -1 by NetworkPolicy shop/web'],
        pending: ['EndOfTier  default Deny -1 by NetworkPolicy shop/web'],
      },
    ],
  },
  {
    what: 'two isolate: the first of them stands for the end of the tier',
    objects: [dbFromWeb, networkPolicy('shop/all', { policyTypes: ['Ingress'] })],
    expected: [
      { reporter: 'Src', action: 'Allow', enforced: [PROFILE], pending: [PROFILE] },
      {
        reporter: 'Dst',
        action: 'Deny',
        enforced: ['EndOfTier  default Deny -1 by NetworkPolicy shop/all'],
        pending: ['EndOfTier  default Deny -1 by NetworkPolicy shop/all'],
      },
    ],
  },
  {
    what: 'staged: enforced allows, pending denies',
    objects: [stagedDeny],
    expected: [
      {
        reporter: 'Src',
        action: 'Allow',
        enforced: [PROFILE],
        pending: ['EndOfTier  default Deny -1 by StagedNetworkPolicy shop/deny'],
      },
      {
        reporter: 'Dst',
        action: 'Allow',
        enforced: [PROFILE],
        pending: ['EndOfTier  default Deny -1 by StagedNetworkPolicy shop/deny'],
      },
    ],
  },
  {
    what: 'tiers: the pass, then who allowed; a log rule is no step',
    objects: TIERED,
    expected: [
      { reporter: 'Src', action: 'Allow', enforced: [PROFILE], pending: [PROFILE] },
      {
        reporter: 'Dst',
        action: 'Allow',
        enforced: [
          'GlobalNetworkPolicy security.pass security Pass 1',
          'CalicoNetworkPolicy shop/allow default Allow 0',
        ],
        pending: [
          'GlobalNetworkPolicy security.pass security Pass 1',
          'CalicoNetworkPolicy shop/allow default Allow 0',
        ],
      },
    ],
  },
])('$what', ({ objects, expected }) => {
  expect(trace(worldOf([...PODS, ...objects]), flow('shop/web', 'shop/db', 80))).toEqual(expected);
});

test.each`
  from              | to                    | parties                      | reporters
  ${'shop/web'}     | ${'ip:198.51.100.20'} | ${['web', '198.51.100.20']}  | ${['Src']}
  ${'shop/web'}     | ${'internet'}         | ${['web', 'PUBLIC NETWORK']} | ${['Src']}
  ${'ip:192.0.2.1'} | ${'shop/db'}          | ${['192.0.2.1', 'db']}       | ${['Dst']}
`('$from -> $to: $reporters', ({ from, to, parties, reporters }) => {
  const logs = logsOf(worldOf(PODS), flow(from, to, 443));
  expect(logs.map(({ reporter }) => reporter)).toEqual(reporters);
  expect([logs[0]?.source_name, logs[0]?.dest_name]).toEqual(parties);
});
