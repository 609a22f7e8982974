import fc from 'fast-check';
import { cidr, ip } from '../../../lib/model/address';
import {
  BUILT_IN_TIERS,
  type Peer,
  type Policy,
  type Rule,
  type Traffic,
} from '../../../lib/model/policy';
import { NAMESPACE_LABEL, type Selector } from '../../../lib/model/selector';
import type { World } from '../../../lib/model/world';
import { node, pod, policy, service, world } from '../../build/model';

const TIERS = [
  ...BUILT_IN_TIERS,
  { name: 'security', order: 100, defaultAction: 'deny' as const },
  { name: 'platform', order: 100, defaultAction: 'pass' as const },
];

const label = fc.constantFrom<Selector>(
  { kind: 'all' },
  { kind: 'equals', label: 'app', value: 'web' },
  { kind: 'equals', label: 'app', value: 'db' },
  { kind: 'not-equals', label: 'app', value: 'web' },
  { kind: 'in', label: 'app', values: ['db', 'api'] },
  { kind: 'not', operand: { kind: 'has', label: 'app' } },
  { kind: 'has', label: 'partner' },
  { kind: 'has', label: 'host' },
  { kind: 'equals', label: NAMESPACE_LABEL, value: 'one' },
  { kind: 'global' },
);

const block = fc
  .constantFrom(
    ...['10.0.0.0/8', '10.0.1.0/24', '10.0.1.10/32', '198.51.100.0/24', '0.0.0.0/0', '10.0.2.8/30'],
  )
  .map(cidr);

const some = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<readonly T[]> =>
  fc.array(arbitrary, { minLength: 1, maxLength: 2 });

const peer: fc.Arbitrary<Peer> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ selector: label }) },
  fc.record({ nets: some(block) }),
  fc.record({ nets: some(block), notNets: some(block) }),
  fc.record({ notSelector: label }),
  fc.record({ selector: label, notSelector: label }),
  fc.record({ selector: label, nets: some(block) }),
);

const range = fc.constantFrom(
  { first: 80, last: 80 },
  { first: 53, last: 80 },
  { first: 81, last: 90 },
  { first: 0, last: 65535 },
  { name: 'http' },
  { name: 'dns' },
);

const traffic: fc.Arbitrary<Traffic> = fc.oneof(
  fc.record({
    protocol: fc.constantFrom<Traffic['protocol']>('TCP', 'UDP'),
    destinationPorts: fc.oneof(fc.constant('any' as const), some(range)),
    sourcePorts: fc.constantFrom<Traffic['sourcePorts']>('any', [{ first: 1024, last: 65535 }]),
  }),
  fc.record({
    protocol: fc.constantFrom<Traffic['protocol']>('TCP', 'UDP'),
    destinationPorts: fc.constant('any' as const),
    notDestinationPorts: some(range),
    sourcePorts: fc.constant('any' as const),
  }),
  fc.constantFrom<Traffic>(
    { protocol: 'ICMP', destinationPorts: 'any', sourcePorts: 'any' },
    { protocol: 'ICMP', destinationPorts: 'any', sourcePorts: 'any', icmp: { type: 8 } },
    {
      protocol: 'ICMP',
      destinationPorts: 'any',
      sourcePorts: 'any',
      notIcmp: { type: 8, code: 0 },
    },
    { protocol: 'any', notProtocol: 'UDP', destinationPorts: 'any', sourcePorts: 'any' },
    { protocol: 17, destinationPorts: 'any', sourcePorts: 'any' },
    { protocol: 'any', destinationPorts: [{ name: 'dns' }], sourcePorts: 'any' },
  ),
);

const anyOr = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<'any' | readonly T[]> =>
  fc.oneof(fc.constant('any' as const), fc.array(arbitrary, { maxLength: 2 }));

const rules = (actions: readonly Rule['action'][], own: 'source' | 'destination') =>
  fc
    .array(
      fc.record({
        action: fc.constantFrom(...actions),
        peers: anyOr(peer),
        own: fc.oneof({ weight: 4, arbitrary: fc.constant('any' as const) }, anyOr(peer)),
        traffic: anyOr(traffic),
      }),
      { maxLength: 3 },
    )
    .map((list) =>
      list.map(
        ({ action, peers, own: mine, traffic: which }, index): Rule => ({
          index,
          action,
          traffic: which,
          source: own === 'source' ? mine : peers,
          destination: own === 'source' ? peers : mine,
        }),
      ),
    );

/** What each kind may say: its tier, and its actions. */
const KINDS = [
  { kind: 'NetworkPolicy', tiers: ['default'], actions: ['allow'] },
  {
    kind: 'ClusterNetworkPolicy',
    tiers: ['kube-admin', 'kube-baseline'],
    actions: ['allow', 'deny', 'pass'],
  },
  {
    kind: 'CalicoNetworkPolicy',
    tiers: ['default', 'security', 'platform'],
    actions: ['allow', 'deny', 'pass', 'log'],
  },
  {
    kind: 'GlobalNetworkPolicy',
    tiers: ['default', 'security', 'platform'],
    actions: ['allow', 'deny', 'pass', 'log'],
  },
  { kind: 'StagedGlobalNetworkPolicy', tiers: ['default', 'security'], actions: ['allow', 'deny'] },
] as const;

const NAMESPACED: readonly Policy['kind'][] = ['NetworkPolicy', 'CalicoNetworkPolicy'];

const inNamespace = (namespace: string, selector: Selector): Selector => ({
  kind: 'and',
  operands: [{ kind: 'equals', label: NAMESPACE_LABEL, value: namespace }, selector],
});

const onePolicy: fc.Arbitrary<Policy> = fc
  .constantFrom(...KINDS)
  .chain(({ kind, tiers, actions }) =>
    fc
      .record({
        tier: fc.constantFrom(...tiers),
        order: fc.constantFrom(10, 1000, Number.POSITIVE_INFINITY),
        subject: label,
        ingress: fc.option(rules(actions, 'destination'), { nil: undefined }),
        egress: fc.option(rules(actions, 'source'), { nil: undefined }),
        namespace: fc.constantFrom('one', 'two'),
        hook: fc.constantFrom<Policy['hook']>(
          'normal',
          'apply-on-forward',
          'pre-dnat',
          'untracked',
        ),
        name: fc.string({ unit: fc.constantFrom(...'abcdef'), minLength: 3, maxLength: 6 }),
      })
      .map(({ namespace, name, subject, order, hook, ...rest }) => {
        const namespaced = NAMESPACED.includes(kind);
        return policy(namespaced ? `${namespace}/${name}` : name, {
          ...rest,
          ...(kind === 'GlobalNetworkPolicy' ? hooked(hook, rest) : {}),
          kind,
          order: kind === 'NetworkPolicy' ? 1000 : order,
          staged: kind.startsWith('Staged') ? 'set' : 'no',
          subject: namespaced ? inNamespace(namespace, subject) : subject,
        });
      }),
  );

/** Before translation only what comes in can be judged (Calico: GlobalNetworkPolicy, preDNAT). */
const hooked = (hook: Policy['hook'], { egress }: Pick<Policy, 'egress'>) => ({
  hook,
  egress: hook === 'pre-dnat' ? undefined : egress,
});

const http = { name: 'http', protocol: 'TCP', port: 80 } as const;
const alternative = { name: 'http', protocol: 'TCP', port: 81 } as const;
// A refusal of UDP is an ICMP error, which untracked policies judge by itself: so all listen.
const echo = { protocol: 'UDP', port: 53 } as const;
const onHost = { hostNetwork: true, labels: {} } as const;
const dns = { name: 'dns', protocol: 'UDP', port: 53 } as const;

const GROUND: World = world({
  nodes: [node('a', '10.0.0.10'), node('b', '10.0.0.20')],
  pods: [
    pod('one/web', 'a', '10.0.1.10', { ports: [http, dns] }),
    pod('one/db', 'b', '10.0.2.10', { ports: [http, echo] }),
    pod('two/web', 'b', '10.0.2.11', { ports: [alternative, dns] }),
    pod('two/api', 'a', '10.0.1.11', { ports: [dns] }),
    pod('two/agent', 'a', '10.0.0.10', { ...onHost, ports: [echo] }),
    pod('two/agent-b', 'b', '10.0.0.20', { ...onHost, ports: [echo] }),
  ],
  outside: [
    { kind: 'outside', name: 'internet', addresses: [ip('203.0.113.10')], ports: [http, dns] },
    { kind: 'outside', name: 'partner', addresses: [ip('198.51.100.7')], ports: [http, echo] },
  ],
  services: [
    service('one/db', {
      clusterIps: [ip('172.20.0.5')],
      ports: [
        {
          protocol: 'TCP',
          port: 8000,
          backends: [{ address: ip('10.0.2.10'), port: 80, ready: true, node: 'b' }],
        },
      ],
    }),
    service('two/none', {
      clusterIps: [ip('172.20.0.6')],
      ports: [{ protocol: 'TCP', port: 8000, backends: [] }],
    }),
  ],
  networkSets: [
    { name: 'partners', labels: { partner: 'yes' }, nets: [cidr('198.51.100.0/24')] },
    {
      name: 'near',
      namespace: 'one',
      labels: { app: 'api', [NAMESPACE_LABEL]: 'one' },
      nets: [cidr('203.0.113.8/29')],
    },
  ],
  tiers: TIERS,
});

const hostEndpoint = fc.record({
  name: fc.constantFrom('b-uplink'),
  node: fc.constant('b'),
  interfaceName: fc.constantFrom('*', 'eth0'),
  labels: fc.constant({ host: 'b' }),
  expectedIps: fc.constant([]),
  defaultAllow: fc.boolean(),
});

/** Small clusters whose policies say anything that policies can say. */
export const randomWorld: fc.Arbitrary<World> = fc
  .tuple(
    fc.uniqueArray(onePolicy, {
      minLength: 1,
      maxLength: 5,
      selector: ({ kind, name }) => kind + name,
    }),
    fc.array(hostEndpoint, { maxLength: 1 }),
  )
  .map(([policies, hostEndpoints]) => ({ ...GROUND, policies, hostEndpoints }));
