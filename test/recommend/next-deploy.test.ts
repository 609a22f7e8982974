import fc from 'fast-check';
import { afterNextDeploy } from '../../lib/proof/next-deploy';
import { createEngine } from '../../lib/reach/engine';
import { everyFlow } from '../../lib/reach/questions/diff';
import { recommend } from '../../lib/recommend/recommend';
import { flow, pod } from '../build/manifests';
import { worldOf } from '../build/world-of';

/** A workload of a random application: labels that last, and labels that a deploy changes. */
interface Service {
  readonly lasting: Readonly<Record<string, string>>;
  readonly replicas: number;
}

/** Labels as charts, controllers and schedulers write them; `turn` is the deploy. */
const passing = (turn: number, i: number): Record<string, string> => ({
  'helm.sh/chart': `svc-${turn}.${i}.0`,
  'app.kubernetes.io/version': `${turn}.${i}`,
  'app.kubernetes.io/managed-by': turn === 1 ? 'Helm' : 'argo',
  'pod-template-hash': `${turn}${i}fbc4`,
  'topology.kubernetes.io/zone': `eu-west-1${'abc'[(turn + i) % 3]}`,
  'job-name': `run-${turn}${i}`,
  'example.com/git-sha': `${turn}e${i}`,
});

const podsOf = (services: readonly Service[], turn: number) =>
  services.flatMap(({ lasting, replicas }, i) =>
    Array.from({ length: turn === 1 ? replicas : replicas + 1 }, (_, r) =>
      pod(`shop/s${i}-${turn}-${r}`, {
        labels: { ...lasting, ...passing(turn, i) },
        ports: [80],
        ip: `10.${turn}.${i}.${r + 1}`,
        node: `n${(i + r + turn) % 3}`,
      }),
    ),
  );

const service = (i: number): fc.Arbitrary<Service> =>
  fc.record({
    lasting: fc.constantFrom<Readonly<Record<string, string>>>(
      { app: `s${i}` },
      { 'app.kubernetes.io/name': 'redis', 'app.kubernetes.io/instance': `r${i}` },
      { 'app.kubernetes.io/name': `s${i}`, 'app.kubernetes.io/component': 'api' },
      { app: 'wordpress', tier: `t${i}` },
      { 'k8s-app': `s${i}` },
    ),
    replicas: fc.integer({ min: 1, max: 2 }),
  });

const application = fc.tuple(...[0, 1, 2, 3].map(service)).chain((services) =>
  fc.record({
    services: fc.constant(services),
    calls: fc.uniqueArray(fc.tuple(fc.nat(3), fc.nat(3)), {
      selector: String,
      minLength: 1,
    }),
  }),
);

test.each([1, 2, 3, 4, 5])(
  'after another deploy the same calls pass and no others, seed %i',
  (seed) => {
    fc.assert(
      fc.property(application, ({ services, calls }) => {
        const wanted = calls.filter(([from, to]) => from !== to);
        const before = worldOf(podsOf(services, 1));
        const seen = wanted.map(([from, to]) => flow(`shop/s${from}-1-0`, `shop/s${to}-1-0`, 80));
        const { policies } = recommend(before, seen, 'enforced', { closesSilent: true });
        const later = worldOf([...podsOf(services, 2), ...policies]);
        const engine = createEngine(later, { staged: 'as-written' });
        const asked = new Set(wanted.map(String));
        for (let from = 0; from < services.length; from += 1) {
          for (let to = 0; to < services.length; to += 1) {
            if (from === to) continue;
            for (const [a, b] of [
              [0, 0],
              [services[from]?.replicas ?? 1, services[to]?.replicas ?? 1],
            ]) {
              const { verdict } = engine.explain(
                flow(`shop/s${from}-2-${a}`, `shop/s${to}-2-${b}`, 80),
              );
              expect({ from, to, verdict }).toEqual({
                from,
                to,
                verdict: asked.has(String([from, to])) ? 'allowed' : 'denied',
              });
            }
          }
        }
      }),
      { seed, numRuns: 60 },
    );
  },
);

test('the proof names what a policy on a passing label cuts', () => {
  const manifests = [
    pod('shop/web', { labels: { app: 'web' } }),
    pod('shop/db', { labels: { app: 'db', 'app.kubernetes.io/version': '1' } }),
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { namespace: 'shop', name: 'deny' },
      spec: { podSelector: {}, policyTypes: ['Ingress'] },
    },
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { namespace: 'shop', name: 'db' },
      spec: {
        podSelector: { matchLabels: { 'app.kubernetes.io/version': '1' } },
        ingress: [{ from: [{ podSelector: { matchLabels: { app: 'web' } } }] }],
      },
    },
  ];
  const seen = [flow('shop/web', 'shop/db', 80)];
  expect(afterNextDeploy(worldOf(manifests), seen, everyFlow)).toEqual({
    cut: ['shop/Pod/web -> shop/Pod/db TCP 80'],
    opened: [],
  });
});
