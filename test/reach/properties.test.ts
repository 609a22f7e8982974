import fc from 'fast-check';
import type { Flow, FlowEnd } from '../../lib/model/flow';
import { formatEnd } from '../../lib/model/flow';
import { verdictAt } from '../../lib/model/matrix';
import type { Policy, Rule } from '../../lib/model/policy';
import type { World } from '../../lib/model/world';
import { createEngine } from '../../lib/reach/engine';
import type { MatrixAim, MatrixQuery } from '../../lib/reach/matrix/types';
import { EVERY_KIND, POD_KINDS, type RandomCluster, randomCluster } from '../build/random-cluster';
import { worldOf } from '../build/world-of';
import { oracle } from './slow-evaluator';

const engineOf = (world: World) => createEngine(world, { staged: 'as-written' });
const read = ({ objects, policies }: RandomCluster): World => worldOf([...objects, ...policies]);

/** Pods, nodes and the internet against pods on every port that some policy may name. */
function query(world: World): MatrixQuery {
  const pods = world.pods.map(({ namespace, name }): FlowEnd => ({ kind: 'pod', namespace, name }));
  const nodes = world.nodes.map(({ name }): FlowEnd => ({ kind: 'node', name }));
  const ends: readonly FlowEnd[] = [...pods, ...nodes, { kind: 'internet' }];
  const aims = [
    { protocol: 'TCP', port: 80 },
    { protocol: 'TCP', port: 81 },
    { protocol: 'UDP', port: 53 },
    { protocol: 'ICMP', port: undefined },
  ] as const;
  return {
    sources: ends,
    targets: ends.flatMap((to) => aims.map((aim): MatrixAim => ({ to, ...aim }))),
  };
}

const flows = ({ sources, targets }: MatrixQuery): readonly Flow[] =>
  sources.flatMap((from) => targets.map((aim) => ({ from, ...aim })));

const name = ({ from, to, protocol, port }: Flow): string =>
  `${formatEnd(from)} -> ${formatEnd(to)} ${protocol} ${port ?? ''}`;

/** Every flow with its verdict, one a line. */
const answers = (world: World): readonly string[] => {
  const engine = engineOf(world);
  return flows(query(world)).map((flow) => `${name(flow)}: ${engine.explain(flow).verdict}`);
};

const addressOf = (world: World, end: FlowEnd) => {
  const all = [...world.pods, ...world.nodes, ...world.outside];
  const found = all.find((endpoint) => {
    if (end.kind === 'internet') return endpoint.kind === 'outside' && endpoint.name === 'internet';
    if (end.kind !== endpoint.kind) return false;
    if (endpoint.kind === 'pod' && end.kind === 'pod')
      return endpoint.namespace === end.namespace && endpoint.name === end.name;
    return endpoint.name === end.name;
  });
  const [address] = found?.addresses ?? [];
  if (address === undefined) throw new Error(`${formatEnd(end)} has no address`);
  return address;
};

/** With Services and node ports among the targets. */
function widest(world: World): MatrixQuery {
  const { sources, targets } = query(world);
  const services = world.services.map(
    ({ namespace, name }): MatrixAim => ({
      to: { kind: 'service', namespace, name },
      protocol: 'TCP',
      port: 80,
    }),
  );
  const ports = world.services.flatMap((service) => service.ports.flatMap((p) => p.nodePort ?? []));
  const doors = world.nodes.flatMap(({ name }) =>
    ports.map((port): MatrixAim => ({ to: { kind: 'node', name }, protocol: 'TCP', port })),
  );
  return { sources, targets: [...targets, ...services, ...doors] };
}

const clusters = randomCluster(POD_KINDS);
const runs = { numRuns: 20 };

test('the engine says what the slow evaluator says', () => {
  fc.assert(
    fc.property(clusters, (cluster) => {
      const world = read(cluster);
      const expected = flows(query(world)).map((flow) => {
        const port = typeof flow.port === 'number' ? flow.port : undefined;
        const ends = {
          source: addressOf(world, flow.from),
          destination: addressOf(world, flow.to),
        };
        return `${name(flow)}: ${oracle(world, { ...ends, protocol: flow.protocol, port })}`;
      });
      expect(answers(world)).toEqual(expected);
    }),
    runs,
  );
});

test('grouping equals no grouping', () => {
  fc.assert(
    fc.property(randomCluster(EVERY_KIND), (cluster) => {
      const world = read(cluster);
      const asked = widest(world);
      const engine = engineOf(world);
      const matrix = engine.matrix(asked);
      const grouped = asked.sources.flatMap((from, s) =>
        asked.targets.map((aim, t) => `${name({ from, ...aim })}: ${verdictAt(matrix, s, t)}`),
      );
      const single = flows(asked).map((flow) => `${name(flow)}: ${engine.explain(flow).verdict}`);
      expect(grouped).toEqual(single);
    }),
    runs,
  );
});

test('the order of files and documents never matters', () => {
  fc.assert(
    fc.property(clusters, fc.infiniteStream(fc.nat()), ({ objects, policies }, random) => {
      const shuffled = policies
        .map((policy) => ({ policy, key: random.next().value as number }))
        .sort((a, b) => a.key - b.key)
        .map(({ policy }) => policy);
      const world = read({ objects, policies: shuffled });
      expect(answers(world)).toEqual(answers(read({ objects, policies })));
    }),
    runs,
  );
});

/** A rule that allows everything, put before the others of its policy. */
const everything = (direction: 'ingress' | 'egress', policy: Policy): Policy => {
  const rule: Rule = {
    index: 0,
    action: 'allow',
    source: 'any',
    destination: 'any',
    traffic: 'any',
  };
  const rules = policy[direction];
  return rules === undefined ? policy : { ...policy, [direction]: [rule, ...rules] };
};

test('adding an allow rule never denies what was allowed', () => {
  fc.assert(
    fc.property(
      clusters,
      fc.nat(),
      fc.constantFrom('ingress', 'egress'),
      (cluster, n, direction) => {
        const world = read(cluster);
        const chosen = world.policies[n % Math.max(1, world.policies.length)];
        const policies = world.policies.map((policy) =>
          policy === chosen ? everything(direction, policy) : policy,
        );
        const after = new Set(answers({ ...world, policies }));
        const lost = answers(world).filter((line) => line.endsWith(' allowed') && !after.has(line));
        expect(lost).toEqual([]);
      },
    ),
    runs,
  );
});

test('a staged policy never changes a verdict', () => {
  fc.assert(
    fc.property(clusters, (cluster) => {
      const world = read(cluster);
      const enforced = world.policies.filter(({ staged }) => staged === 'no');
      expect(answers(world)).toEqual(answers({ ...world, policies: enforced }));
    }),
    runs,
  );
});

test('renaming pods never matters', () => {
  fc.assert(
    fc.property(clusters, (cluster) => {
      const world = read(cluster);
      const renamed = world.pods.map((pod) => ({ ...pod, name: `${pod.name}-renamed` }));
      const answered = answers({ ...world, pods: renamed });
      expect(answered.map((line) => line.replaceAll('-renamed', ''))).toEqual(answers(world));
    }),
    runs,
  );
});

test('replies of an allowed connection pass every stateful filter', () => {
  fc.assert(
    fc.property(clusters, (cluster) => {
      const world = read(cluster);
      const engine = engineOf(world);
      for (const flow of flows(query(world))) {
        const { verdict, trace } = engine.explain(flow);
        const devices = trace.forward.map(({ device }) => device).reverse();
        expect(trace.return.map(({ device }) => device)).toEqual(
          verdict === 'allowed' ? devices : [],
        );
        expect(trace.return.flatMap(({ decisions }) => decisions)).toEqual([]);
      }
    }),
    { numRuns: 20 },
  );
});
