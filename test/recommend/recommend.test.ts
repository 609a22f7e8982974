import fc from 'fast-check';
import { stringify } from 'yaml';
import { labs } from '../../labs';
import { type Flow, formatEnd } from '../../lib/model/flow';
import type { World } from '../../lib/model/world';
import { proveRecommendation } from '../../lib/proof/recommend-proof';
import { recommendText } from '../../lib/proof/recommend-text';
import { createEngine } from '../../lib/reach/engine';
import type { PolicyObject } from '../../lib/recommend/objects';
import { recommend } from '../../lib/recommend/recommend';
import { applicationFlows, matrixFlows } from '../../lib/session/application';
import { stageWorld } from '../../lib/session/lab-world';
import { flow, namespace, networkPolicy, node, pod } from '../build/manifests';
import { worldOf } from '../build/world-of';

/** A policy in few words: `shop/seen-web {"app":"web"}`, then a line for each rule. */
const short = ({ metadata, spec }: PolicyObject): string => {
  const peers = (list: readonly object[] = []) =>
    list.map((peer) => JSON.stringify(peer)).join(' ');
  const ports = (list: readonly object[]) => list.map((p) => Object.values(p).join(' ')).join(', ');
  return [
    `${metadata.namespace}/${metadata.name} ${JSON.stringify(spec.podSelector)} ${spec.policyTypes}`,
    ...(spec.ingress ?? []).map((rule) => `  from ${peers(rule.from)} on ${ports(rule.ports)}`),
    ...(spec.egress ?? []).map((rule) => `  to ${peers(rule.to)} on ${ports(rule.ports)}`),
  ].join('\n');
};

const policiesFor = (world: World, ...flows: readonly Flow[]): readonly string[] =>
  recommend(world, flows, 'enforced').policies.map(short);

const app = (name: string, more: object = {}) =>
  pod(`shop/${name}`, { labels: { app: name, ...more } });
const DENY = (place: string) => `${place}/seen-default-deny {} Ingress,Egress`;

test('a call is written at both of its ends, in its own namespace or another', () => {
  const world = worldOf([app('web'), app('db'), pod('pay/api', { labels: { app: 'api' } })]);
  const flows = [flow('shop/web', 'shop/db', 5432), flow('shop/web', 'pay/api', 80)];
  expect(policiesFor(world, ...flows)).toEqual([
    DENY('pay'),
    'pay/seen-api {"matchLabels":{"app":"api"}} Ingress\n  from {"namespaceSelector":{"matchLabels":{"kubernetes.io/metadata.name":"shop"}},"podSelector":{"matchLabels":{"app":"web"}}} on TCP 80',
    DENY('shop'),
    'shop/seen-db {"matchLabels":{"app":"db"}} Ingress\n  from {"podSelector":{"matchLabels":{"app":"web"}}} on TCP 5432',
    'shop/seen-web {"matchLabels":{"app":"web"}} Egress\n  to {"namespaceSelector":{"matchLabels":{"kubernetes.io/metadata.name":"pay"}},"podSelector":{"matchLabels":{"app":"api"}}} on TCP 80\n  to {"podSelector":{"matchLabels":{"app":"db"}}} on TCP 5432',
  ]);
});

test('peers with the same ports share a rule, a peer’s ports stand together', () => {
  const world = worldOf([app('a'), app('b'), app('c'), app('db')]);
  const flows = [
    ...['a', 'b'].flatMap((name) =>
      [5432, 80].map((port) => flow(`shop/${name}`, 'shop/db', port)),
    ),
    flow('shop/c', 'shop/db', 5432),
  ];
  expect(policiesFor(world, ...flows)).toContain(
    'shop/seen-db {"matchLabels":{"app":"db"}} Ingress\n' +
      '  from {"podSelector":{"matchLabels":{"app":"a"}}} {"podSelector":{"matchLabels":{"app":"b"}}} on TCP 80, TCP 5432\n' +
      '  from {"podSelector":{"matchLabels":{"app":"c"}}} on TCP 5432',
  );
});

describe('DNS is said once for all who ask it', () => {
  const dns = pod('kube-system/dns', { labels: { 'k8s-app': 'kube-dns' } });
  const asks = (name: string) => flow(`shop/${name}`, 'kube-system/dns', 53, 'UDP');
  const rule =
    '\n  to {"namespaceSelector":{"matchLabels":{"kubernetes.io/metadata.name":"kube-system"}},"podSelector":{"matchLabels":{"k8s-app":"kube-dns"}}} on TCP 53, UDP 53';
  const world = worldOf([app('a'), app('b'), app('c'), dns]);

  test.each([
    { who: ['a', 'b', 'c'], policies: [`shop/seen-dns {} Egress${rule}`] },
    {
      who: ['c', 'a'],
      policies: [
        `shop/seen-dns {"matchExpressions":[{"key":"app","operator":"In","values":["a","c"]}]} Egress${rule}`,
      ],
    },
    { who: ['b'], policies: [`shop/seen-b {"matchLabels":{"app":"b"}} Egress${rule}`] },
  ])('asked by $who', ({ who, policies }) => {
    expect(policiesFor(world, ...who.map(asks))).toEqual([DENY('shop'), ...policies]);
  });

  test('who answers it admits them, where it is policed too', () => {
    const own = worldOf([app('a'), app('b'), app('dns')]);
    const flows = ['a', 'b'].map((name) => flow(`shop/${name}`, 'shop/dns', 53, 'UDP'));
    const peer = (name: string) => `{"podSelector":{"matchLabels":{"app":"${name}"}}}`;
    expect(policiesFor(own, ...flows)).toEqual([
      DENY('shop'),
      `shop/seen-dns {"matchExpressions":[{"key":"app","operator":"In","values":["a","b"]}]} Egress\n  to ${peer('dns')} on TCP 53, UDP 53`,
      `shop/seen-dns-2 {"matchLabels":{"app":"dns"}} Ingress\n  from ${peer('a')} ${peer('b')} on TCP 53, UDP 53`,
    ]);
  });

  test('no selector means two workloads with labels of different keys: each says it', () => {
    const odd = worldOf([app('a'), pod('shop/z', { labels: { role: 'z' } }), app('c'), dns]);
    expect(policiesFor(odd, asks('a'), asks('z'))).toEqual([
      DENY('shop'),
      `shop/seen-a {"matchLabels":{"app":"a"}} Egress${rule}`,
      `shop/seen-z {"matchLabels":{"role":"z"}} Egress${rule}`,
    ]);
  });
});

test('names of an earlier run are updated; two workloads of one name get a number', () => {
  const stateful = {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { namespace: 'shop', name: 'web' },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: 'web2' } },
      template: { metadata: { labels: { app: 'web2' } }, spec: { containers: [] } },
    },
  };
  const earlier = ['seen-default-deny', 'seen-db', 'seen-old'].map((name) =>
    networkPolicy(`shop/${name}`, {}),
  );
  const world = worldOf([app('web'), app('db'), stateful, ...earlier]);
  const flows = [flow('shop/web', 'shop/db', 1), flow('shop/web-0', 'shop/db', 1)];
  const { policies, notes } = recommend(world, flows, 'enforced');
  expect(policies.map(({ metadata }) => metadata.name)).toEqual([
    'seen-default-deny',
    'seen-db',
    'seen-web',
    'seen-web-2',
  ]);
  expect(notes).toContainEqual(
    expect.objectContaining({ kind: 'stale', calls: ['shop/seen-old'] }),
  );
});

describe('labels', () => {
  test.each([
    {
      what: 'the best known label that is the workload’s own',
      pods: [
        app('web', { tier: 'front', 'app.kubernetes.io/name': 'shop' }),
        app('db', { 'app.kubernetes.io/name': 'shop' }),
      ],
      selector: '{"matchLabels":{"app":"web"}}',
    },
    {
      what: 'several where no single one will do',
      pods: [
        pod('shop/web', { labels: { app: 'x', tier: 'front' } }),
        pod('shop/db', { labels: { app: 'x', tier: 'back' } }),
        pod('shop/c', { labels: { app: 'y', tier: 'front' } }),
      ],
      selector: '{"matchLabels":{"app":"x","tier":"front"}}',
    },
    {
      what: 'never those of a rollout',
      pods: ['web', 'db'].map((name) =>
        pod(`shop/${name}`, { labels: { app: 'x', 'pod-template-hash': name, role: name } }),
      ),
      selector: '{"matchLabels":{"app":"x","role":"web"}}',
    },
  ])('$what', ({ pods, selector }) => {
    const policies = policiesFor(worldOf(pods), flow('shop/web', 'shop/db', 80));
    expect(policies.at(-1)).toContain(`shop/seen-web ${selector} Egress`);
  });

  test('workloads that no label tells apart are named', () => {
    const same = ['web', 'db'].map((name) => pod(`shop/${name}`, { labels: { app: 'x' } }));
    const world = worldOf([...same, app('api')]);
    expect(recommend(world, [flow('shop/web', 'shop/api', 80)], 'enforced').generalised).toEqual([
      'shop/Pod/web: its selector also selects shop/Pod/db (app=x selects both); add a label that distinguishes them',
    ]);
  });

  test('a workload without a label that lasts gets no rule, and is named', () => {
    const job = pod('shop/backup', { labels: { 'job-name': 'backup-28912345' } });
    const world = worldOf([job, app('db'), app('web')]);
    const flows = [flow('shop/backup', 'shop/db', 80), flow('shop/web', 'shop/db', 80)];
    const { policies, notes } = recommend(world, flows, 'enforced');
    expect(policies.map(short)).toEqual([
      DENY('shop'),
      'shop/seen-db {"matchLabels":{"app":"db"}} Ingress\n  from {"podSelector":{"matchLabels":{"app":"web"}}} on TCP 80',
      'shop/seen-web {"matchLabels":{"app":"web"}} Egress\n  to {"podSelector":{"matchLabels":{"app":"db"}}} on TCP 80',
    ]);
    expect(notes).toContainEqual(
      expect.objectContaining({ kind: 'no-lasting-label', calls: ['shop/Pod/backup'] }),
    );
  });
});

test('who is no pod is an address; the internet is every public one, and said', () => {
  const host = pod('shop/agent', { node: 'a', ip: '10.0.0.1', spec: { hostNetwork: true } });
  const world = worldOf([node('a', '10.0.0.1'), host, app('web')]);
  const flows = [
    flow('node:a', 'shop/web', 80),
    flow('shop/agent', 'shop/web', 80),
    flow('ip:192.0.2.1', 'shop/web', 80),
    flow('shop/web', 'internet', 443),
  ];
  expect(policiesFor(world, ...flows)).toEqual([
    DENY('shop'),
    'shop/seen-web {"matchLabels":{"app":"web"}} Ingress,Egress\n' +
      '  from {"ipBlock":{"cidr":"10.0.0.1/32"}} {"ipBlock":{"cidr":"192.0.2.1/32"}} on TCP 80\n' +
      '  to {"ipBlock":{"cidr":"0.0.0.0/0","except":["10.0.0.0/8","100.64.0.0/10","169.254.0.0/16","172.16.0.0/12","192.168.0.0/16"]}} on TCP 443',
  ]);
  expect(recommend(world, flows, 'enforced').generalised).toEqual([
    'a call of a node is allowed from and to all 1 nodes of the manifests; nodes that join later are not: give their blocks with --node-cidr',
    'the internet: its addresses were not seen one by one, so every public one is allowed',
  ]);
});

test('a public network of Calico opens no instance metadata', () => {
  const podIPs = [{ ip: '10.0.1.1' }, { ip: '2001:db8::1' }];
  const manifests = [{ ...app('web'), status: { phase: 'Running', podIP: '10.0.1.1', podIPs } }];
  const seen = [{ ...flow('shop/web', 'internet', 80), isCalicoPublic: true as const }];
  const { policies, generalised } = recommend(worldOf(manifests), seen, 'enforced');
  const engine = createEngine(worldOf([...manifests, ...policies]), { staged: 'as-written' });
  const closed = ['169.254.169.254', '169.254.170.23', 'fe80::1', 'fd00:ec2::254', 'fd00:ec2::23'];
  const asked = ['10.9.0.5', ...closed, '100.64.0.5', '192.0.2.1', '2600:1f18::9'];
  const open = asked.filter(
    (address) => engine.explain(flow('shop/web', `ip:${address}`, 80)).verdict === 'allowed',
  );
  expect(open).toEqual(['100.64.0.5', '192.0.2.1', '2600:1f18::9']);
  expect(generalised).toEqual([
    expect.stringContaining('169.254.0.0/16, fd00:ec2::/32 and fe80::/10'),
  ]);
});

test('a call between two addresses asks for no rule and widens nothing', () => {
  const world = worldOf([node('a', '10.0.0.1'), app('web'), app('db')]);
  const flows = [flow('node:a', 'ip:192.0.2.1', 443), flow('shop/web', 'shop/db', 80)];
  const { evidence, generalised } = recommend(world, flows, 'enforced');
  expect(evidence.map(({ from, to }) => `${from} -> ${to}`)).toEqual([
    'shop/Pod/web -> shop/Pod/db',
  ]);
  expect(generalised).toEqual([]);
});

test('staged at first: the same policies in a kind that decides nothing', () => {
  const world = worldOf([app('web'), app('db')]);
  const seen = [flow('shop/web', 'shop/db', 80)];
  const [staged, enforced] = (['staged', 'enforced'] as const).map(
    (enforcement) => recommend(world, seen, enforcement).policies,
  );
  expect(staged).toEqual(
    enforced?.map(({ metadata, spec }) => ({
      apiVersion: 'projectcalico.org/v3',
      kind: 'StagedKubernetesNetworkPolicy',
      metadata,
      spec: { stagedAction: 'Set', ...spec },
    })),
  );
});

/** Lookups of hosts that answer by TCP too: every rule for lookups allows both (RFC 7766). */
const isLookup = ({ to, protocol, port }: Flow): boolean =>
  to.kind === 'internet' && protocol === 'UDP' && port === 53;
const byTcp = (one: Flow): Flow => ({ ...one, protocol: 'TCP' });

/** The same world with policies on top. */
const withPolicies = (manifests: readonly object[], policies: readonly PolicyObject[]): World =>
  worldOf([...manifests, ...policies]);

describe('exactly the flows seen', () => {
  const NAMES = ['shop/web', 'shop/api', 'shop/db', 'pay/api', 'pay/job'];
  const manifests = [
    ...['shop', 'pay'].map((name) => namespace(name)),
    ...NAMES.map((title) =>
      pod(title, {
        labels: { app: title.split('/')[1] ?? '' },
        ports: [80, { containerPort: 53, protocol: 'UDP' }],
      }),
    ),
  ];
  const world = worldOf(manifests);
  const flows = fc.subarray([...matrixFlows(world)].filter(({ from }) => from.kind === 'pod'));

  test('whatever was seen of pods that stand alone, that is kept and nothing else', () => {
    fc.assert(
      fc.property(flows, (seen) => {
        const { policies } = recommend(world, seen, 'enforced', { closesSilent: true });
        const closed = withPolicies(manifests, policies);
        const engine = createEngine(closed, { staged: 'as-written' });
        const open = matrixFlows(closed).filter((one) => engine.explain(one).verdict === 'allowed');
        expect(new Set(open.map((one) => JSON.stringify(one)))).toEqual(
          new Set([...seen, ...seen.filter(isLookup).map(byTcp)].map((one) => JSON.stringify(one))),
        );
      }),
      { numRuns: 60 },
    );
  });

  test('the order in which flows were seen changes nothing', () => {
    fc.assert(
      fc.property(
        flows.chain((seen) =>
          fc.tuple(fc.constant(seen), fc.shuffledSubarray(seen, { minLength: seen.length })),
        ),
        ([seen, shuffled]) => {
          expect(recommend(world, shuffled, 'staged')).toEqual(recommend(world, seen, 'staged'));
        },
      ),
      { numRuns: 60 },
    );
  });
});

test('the proof names what is generalised, what was allowed before, and what is lost', () => {
  const old = { podSelector: { matchLabels: { app: 'db' } }, ingress: [{ ports: [{ port: 80 }] }] };
  const manifests = [
    ...['web-1', 'web-2'].map((name) => pod(`shop/${name}`, { labels: { app: 'web' } })),
    ...[app('db'), networkPolicy('shop/old', old)],
  ];
  const seen = [flow('shop/db', 'shop/web-1', 80)];
  const { policies } = recommend(worldOf(manifests), seen, 'staged');
  expect(proveRecommendation(withPolicies(manifests, policies), seen, policies)).toEqual({
    kept: 1,
    lost: [],
    closed: 21,
    open: [
      {
        from: 'internet',
        to: 'shop/Pod/db',
        protocol: 'TCP',
        port: 80,
        flows: 1,
        why: 'other-policies',
        by: ['shop/old'],
      },
      {
        from: 'shop/Pod/db',
        to: 'shop/Pod/web-2',
        protocol: 'TCP',
        port: 80,
        flows: 1,
        why: 'generalised',
        by: ['shop/seen-db', 'shop/seen-web-1'],
      },
    ],
    nextDeploy: { cut: [], opened: [] },
  });
  const useless = policies.slice(0, 1);
  expect(proveRecommendation(withPolicies(manifests, useless), seen, useless)).toMatchObject({
    kept: 0,
    lost: ['shop/db -> shop/web-1 TCP 80'],
  });
});

describe('the capstone, from the calls that its last stage allows', () => {
  const lab = labs.find(({ id }) => id === 'capstone');
  if (lab === undefined) throw new Error('there is no capstone');
  const [open, last] = ['open', 'egress'].map((stage) => stageWorld(lab, stage));
  if (open === undefined || last === undefined) throw new Error('it has no stages');
  const asked = applicationFlows(lab, last);
  const engine = createEngine(last, { staged: 'as-written' });
  const seen = asked.filter((one) => engine.explain(one).verdict === 'allowed');
  const recommendation = recommend(open, seen, 'staged');
  const text = recommendation.policies.map((one) => stringify(one)).join('---\n');
  const world = stageWorld(lab, 'open', { applied: [{ path: 'recommended.yaml', text }] });
  const proof = proveRecommendation(world, seen, recommendation.policies);

  test('the last stage allows every call of the application', () => {
    expect(seen).toEqual(asked);
    expect(seen).toHaveLength(30);
  });

  test('kept is what was observed; open is only what the cluster itself and those outside do', () => {
    expect({ kept: proof.kept, lost: proof.lost }).toEqual({ kept: 30, lost: [] });
    expect(proof.open.filter(({ why }) => why !== 'not-policed')).toEqual([]);
    expect(recommendation).toMatchObject({ generalised: [], notPoliced: ['kube-system'] });
    const ends = proof.open.flatMap(({ from, to }) => [from, to]);
    expect(
      [...new Set(ends)].filter((name) => !/^(kube-system\/|other\/|ip:|internet)/.test(name)),
    ).toEqual([]);
  });

  test('it is few policies, and they read like this', () => {
    expect(
      recommendation.policies.map(({ metadata: { namespace: place, name } }) => `${place}/${name}`),
    ).toEqual([
      'monitoring/seen-default-deny',
      'monitoring/seen-prometheus',
      'store/seen-default-deny',
      'store/seen-dns',
      'store/seen-backend',
      'store/seen-db',
      'store/seen-frontend',
    ]);
    expect(recommendText(recommendation, proof).split('\n').slice(0, 3)).toEqual([
      '7 policies; 30 flows seen: 30 kept, 0 lost',
      'of the flows that were not seen, 140 close and 54 stay open',
      'after the next deploy: 0 cut, 0 opened',
    ]);
  });

  test('with one flow fewer seen, that call closes', () => {
    const without = seen.filter(({ to }) => !formatEnd(to).startsWith('store/db'));
    const { policies } = recommend(open, without, 'staged');
    const yaml = policies.map((one) => stringify(one)).join('---\n');
    const closed = stageWorld(lab, 'open', { applied: [{ path: 'recommended.yaml', text: yaml }] });
    const lost = proveRecommendation(closed, seen, policies).lost;
    expect(lost).toEqual([
      'store/backend-0 -> store/db-0 TCP 5432',
      'store/backend-1 -> store/db-0 TCP 5432',
    ]);
  });
});
