import fc from 'fast-check';
import { planWorld } from '../../../lib/dataplane/plan';
import { probeOf } from '../../../lib/dataplane/probes';
import { cidr, ip } from '../../../lib/model/address';
import type { Flow, FlowEnd, Protocol } from '../../../lib/model/flow';
import { formatEnd } from '../../../lib/model/flow';
import { verdictOf } from '../../../lib/model/observation';
import type { AclEntry, NetworkAcl, SecurityGroup, Vpc } from '../../../lib/model/vpc';
import type { World } from '../../../lib/model/world';
import { createEngine } from '../../../lib/reach/engine';
import { openSandbox } from '../../../lib/runtime/sandbox/sandbox';
import { vpcWorld } from '../../build/production-vpc';
import { describePackets } from '../kernel';

/** Flows over the VPC as it is; and over each of some VPCs with rules taken away or put in. */
const FLOWS = 1000;
const CHANGED = { worlds: Number(process.env.WORLDS ?? 2), flows: 300 };

const production = vpcWorld();
const address = (text: string): FlowEnd => ({ kind: 'ip', address: ip(text) });

const inside: readonly FlowEnd[] = [
  ...production.pods.map(({ namespace, name }): FlowEnd => ({ kind: 'pod', namespace, name })),
  ...production.nodes.map(({ name }): FlowEnd => ({ kind: 'node', name })),
];
const others: readonly FlowEnd[] = [
  { kind: 'internet' },
  address('10.0.192.4'),
  address('10.0.192.36'),
];
/** Endpoints, S3, the resolver, and addresses nobody has. */
const targets = ['10.0.0.5', '10.0.32.9', '52.216.0.10', '10.0.0.2', '10.0.77.7', '100.64.9.9'];
const PORTS = [22, 53, 80, 443, 5432, 5443, 8080, 10250, 30080];
const ports = fc.oneof(fc.constantFrom(...PORTS), fc.integer({ min: 1, max: 65535 }));

const flow = fc
  .record({
    from: fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...inside) },
      fc.constantFrom(...others),
    ),
    to: fc.constantFrom(...inside, ...inside, ...others, ...targets.map(address)),
    protocol: fc.constantFrom<Protocol>('TCP', 'TCP', 'TCP', 'UDP', 'ICMP'),
    port: ports,
  })
  .filter(({ from, to }) => formatEnd(from) !== formatEnd(to))
  .map(
    ({ port, ...rest }): Flow => ({ ...rest, port: rest.protocol === 'ICMP' ? undefined : port }),
  );

/** A line that an administrator might have put in front: it denies, or allows, one port. */
const line: fc.Arbitrary<AclEntry> = fc
  .record({
    number: fc.integer({ min: 1, max: 99 }),
    action: fc.constantFrom<AclEntry['action']>('allow', 'deny'),
    protocol: fc.constantFrom(6, 17),
    cidr: fc.constantFrom('10.0.0.0/17', '100.64.0.0/16', '0.0.0.0/0', '10.0.32.0/19').map(cidr),
    port: fc.constantFrom(...PORTS),
  })
  .map(({ port, ...rest }) => ({ ...rest, ports: { first: port, last: port } }));

const changed: fc.Arbitrary<World> = fc
  .infiniteStream(fc.double({ min: 0, max: 1, noNaN: true }))
  .chain((dice) =>
    fc.array(line, { minLength: 4, maxLength: 4 }).map((lines): World => {
      const roll = (): number => dice.next().value ?? 0;
      const thin = <T>(rules: readonly T[]): readonly T[] => rules.filter(() => roll() > 0.15);
      const mix = (entries: readonly AclEntry[]): readonly AclEntry[] => {
        const more = lines.filter(() => roll() < 0.2);
        const numbers = new Map([...thin(entries), ...more].map((one) => [one.number, one]));
        return [...numbers.values()].sort((a, b) => a.number - b.number);
      };
      const acl = (one: NetworkAcl): NetworkAcl => {
        return { ...one, ingress: mix(one.ingress), egress: mix(one.egress) };
      };
      const group = (one: SecurityGroup): SecurityGroup => {
        return { ...one, ingress: thin(one.ingress), egress: thin(one.egress) };
      };
      const vpc = (one: Vpc): Vpc => ({
        ...one,
        networkAcls: one.networkAcls.map(acl),
        securityGroups: one.securityGroups.map(group),
        routeTables: one.routeTables.map((table) => ({
          ...table,
          routes: table.routes.filter(({ target }) => target.kind === 'local' || roll() > 0.2),
        })),
      });
      return { ...production, vpcs: production.vpcs.map(vpc) };
    }),
  );

/** Flows of which the engine says one thing and the packets another. */
async function differing(world: World, flows: readonly Flow[]): Promise<readonly unknown[]> {
  const sandbox = await openSandbox({ mode: 'tied' });
  try {
    await sandbox.run(planWorld(world, { extraAddresses: targets.map(ip) }));
    const probes = flows.map((one) => probeOf(world, one));
    const observed = await sandbox.probe(probes, { timeoutMs: 400, trace: 'off' });
    const engine = createEngine(world, { staged: 'as-written' });
    return flows.flatMap((one, i) => {
      const { verdict, by } = engine.explain(one);
      const { outcome, reason } = observed[i] ?? { outcome: 'unsupported' };
      const seen = verdictOf(outcome);
      // Where the files do not say what listens, packets cannot decide for them.
      if (verdict === seen || verdict === 'unknown') return [];
      const name = `${formatEnd(one.from)} to ${formatEnd(one.to)} ${one.protocol} ${one.port}`;
      return [{ name, predicted: verdict, seen, reason, why: by.map((e) => e.because).join('; ') }];
    });
  } finally {
    await sandbox.close();
  }
}

describePackets('random flows over the production VPC', () => {
  const seed = Number(
    process.env.SEED ?? (process.env.CI === undefined ? Date.now() % 1_000_000 : 1),
  );

  test('the engine predicts what the packets do', async () => {
    const flows = fc.sample(flow, { seed, numRuns: FLOWS });
    expect({ seed, differing: await differing(production, flows) }).toEqual({
      seed,
      differing: [],
    });
  }, 60_000);

  test.each(Array.from({ length: CHANGED.worlds }, (_, i) => seed + i))(
    'and with lines taken out and put in (seed %i)',
    async (own) => {
      const [world = production] = fc.sample(changed, { seed: own, numRuns: 1 });
      const flows = fc.sample(flow, { seed: own, numRuns: CHANGED.flows });
      expect(await differing(world, flows)).toEqual([]);
    },
    60_000,
  );
});
