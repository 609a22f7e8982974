import fc from 'fast-check';
import { planWorld } from '../../lib/dataplane/plan';
import { probeOf } from '../../lib/dataplane/probes';
import { ip } from '../../lib/model/address';
import type { Flow, FlowEnd, Protocol } from '../../lib/model/flow';
import { formatEnd } from '../../lib/model/flow';
import { verdictOf } from '../../lib/model/observation';
import { createEngine } from '../../lib/reach/engine';
import { openSandbox, type Sandbox } from '../../lib/runtime/sandbox';
import { vpcWorld } from '../vpc-world';
import { describePackets } from './kernel';

/** How many flows are tried at once; the seed is printed where they differ. */
const FLOWS = 1000;

describePackets('random flows over the production VPC', () => {
  const world = vpcWorld();
  const engine = createEngine(world, { staged: 'as-written' });
  const inside: readonly FlowEnd[] = [
    ...world.pods.map(({ namespace, name }): FlowEnd => ({ kind: 'pod', namespace, name })),
    ...world.nodes.map(({ name }): FlowEnd => ({ kind: 'node', name })),
  ];
  const others: readonly FlowEnd[] = [
    { kind: 'internet' },
    ...['10.0.192.4', '10.0.192.36'].map((text): FlowEnd => ({ kind: 'ip', address: ip(text) })),
  ];
  const targets = ['10.0.0.5', '10.0.32.9', '52.216.0.10', '10.0.0.2', '10.0.77.7', '100.64.9.9'];
  const addresses = targets.map((text): FlowEnd => ({ kind: 'ip', address: ip(text) }));
  let sandbox: Sandbox;

  beforeAll(async () => {
    sandbox = await openSandbox({ mode: 'tied' });
    const extraAddresses = targets.map(ip);
    await sandbox.run(planWorld(world, { extraAddresses }));
  });
  afterAll(() => sandbox.close());

  test('the engine predicts what the packets do', async () => {
    const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
    const flow = fc
      .record({
        from: fc.oneof(
          { weight: 4, arbitrary: fc.constantFrom(...inside) },
          fc.constantFrom(...others),
        ),
        to: fc.constantFrom(...inside, ...inside, ...others, ...addresses),
        protocol: fc.constantFrom<Protocol>('TCP', 'TCP', 'TCP', 'UDP', 'ICMP'),
        port: fc.oneof(
          fc.constantFrom(22, 53, 80, 443, 5432, 5443, 8080, 10250, 30080),
          fc.integer({ min: 1, max: 65535 }),
        ),
      })
      .filter(({ from, to }) => formatEnd(from) !== formatEnd(to))
      .map(
        ({ port, ...rest }): Flow => ({
          ...rest,
          port: rest.protocol === 'ICMP' ? undefined : port,
        }),
      );
    const flows = fc.sample(flow, { seed, numRuns: FLOWS });
    const observed = await sandbox.probe(
      flows.map((one) => probeOf(world, one)),
      { timeoutMs: 400, trace: 'off' },
    );
    const differing = flows.flatMap((one, i) => {
      const predicted = engine.explain(one);
      const { outcome, reason } = observed[i] ?? { outcome: 'unsupported' };
      const seen = verdictOf(outcome);
      if (predicted.verdict === seen) return [];
      const name = `${formatEnd(one.from)} to ${formatEnd(one.to)} ${one.protocol} ${one.port}`;
      const why = predicted.by.map(({ because }) => because).join('; ');
      return [{ name, predicted: predicted.verdict, seen, reason, why }];
    });
    expect({ seed, differing }).toEqual({ seed, differing: [] });
  }, 60_000);
});
