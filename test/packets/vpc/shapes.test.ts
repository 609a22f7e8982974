import fc from 'fast-check';
import { planWorld } from '../../../lib/dataplane/plan';
import { probeOf } from '../../../lib/dataplane/probes';
import { ip } from '../../../lib/model/address';
import type { Flow, FlowEnd, Protocol } from '../../../lib/model/flow';
import { formatEnd } from '../../../lib/model/flow';
import { verdictOf } from '../../../lib/model/observation';
import type { World } from '../../../lib/model/world';
import { createEngine } from '../../../lib/reach/engine';
import { readWorld } from '../../../lib/read/world';
import { openSandbox } from '../../../lib/runtime/sandbox/sandbox';
import { labTemplates } from '../../lab-templates';
import { describePackets } from '../kernel';
import { everyEnd } from '../plan/agreement';

/** Flows over each shape; `LAB_FLOWS=1000` for the long run. */
const FLOWS = Number(process.env.LAB_FLOWS ?? 300);
const PREFIX = 'service.beta.kubernetes.io/aws-load-balancer-';

const pod = (name: string, node: string): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'shop', labels: { app: 'web' } },
  spec: {
    nodeName: node,
    containers: [{ name: 'main', image: 'none', ports: [{ containerPort: 8080 }] }],
  },
});

const service = (name: string, type: string, told: Readonly<Record<string, string>>): object => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: {
    name,
    namespace: 'shop',
    annotations: Object.fromEntries(Object.entries(told).map(([k, v]) => [PREFIX + k, v])),
  },
  spec: { type, selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] },
});

const BALANCED: readonly object[] = [
  service('ip-internal', 'LoadBalancer', { 'nlb-target-type': 'ip' }),
  service('ip-public', 'LoadBalancer', { 'nlb-target-type': 'ip', scheme: 'internet-facing' }),
  service('ip-kept', 'LoadBalancer', {
    'nlb-target-type': 'ip',
    scheme: 'internet-facing',
    'target-group-attributes': 'preserve_client_ip.enabled=true',
  }),
  service('node-public', 'LoadBalancer', { scheme: 'internet-facing' }),
  service('node-hidden', 'LoadBalancer', {
    'target-group-attributes': 'preserve_client_ip.enabled=false',
  }),
  service('ip-crossing', 'LoadBalancer', {
    'nlb-target-type': 'ip',
    attributes: 'load_balancing.cross_zone.enabled=true',
  }),
  service('node-port', 'NodePort', {}),
];

interface Shape {
  readonly name: string;
  readonly context: Readonly<Record<string, string>>;
  readonly services: readonly object[];
}

const SHAPES: readonly Shape[] = [
  {
    name: 'load balancers and node ports, one NAT gateway for two zones',
    context: { lab: 'aws-4-load-balancers', size: 'small', privateOnly: 'true' },
    services: BALANCED,
  },
  {
    name: 'a regional NAT gateway',
    context: { lab: 'k8s-1-pods', size: 'small', nat: 'regional' },
    services: BALANCED,
  },
  {
    name: 'pods in subnets of their own',
    context: { lab: 'aws-2-sg-nacl', size: 'small' },
    services: [],
  },
  {
    name: 'IPv6 pods, in a VPC of both families',
    context: { lab: 'aws-4-load-balancers', size: 'small', ipv6: 'true' },
    services: BALANCED,
  },
  {
    name: 'IPv6 pods, a zone more and a regional NAT gateway for the rest',
    context: { lab: 'k8s-1-pods', size: 'production', ipv6: 'true', nat: 'regional' },
    services: [service('node-port', 'NodePort', {})],
  },
];

function worldOf({ context, services }: Shape): World {
  const zones = ['a', 'b', 'a2'];
  const pods = zones.flatMap((z) => [pod(`one-${z}`, `node-${z}`), pod(`two-${z}`, `node-${z}`)]);
  const text = [...pods, ...services].map((manifest) => JSON.stringify(manifest)).join('\n---\n');
  const templates = labTemplates(context);
  const reading = readWorld({ manifests: [{ path: 'pods.yaml', text }], templates });
  if (reading.kind === 'problems') throw new Error(JSON.stringify(reading.problems, null, 2));
  return reading.value;
}

function flowsOver(world: World, seed: number): readonly Flow[] {
  const ends = everyEnd(world);
  const balancers = world.services.flatMap(({ loadBalancer }): FlowEnd[] => {
    return (loadBalancer?.addresses ?? []).map((address) => ({ kind: 'ip', address }));
  });
  const others: readonly FlowEnd[] = EXTRA.map((address) => ({ kind: 'ip', address }));
  const flow = fc
    .record({
      from: fc.constantFrom(...ends),
      to: fc.oneof(fc.constantFrom(...ends), fc.constantFrom(...balancers, ...others)),
      protocol: fc.constantFrom<Protocol>('TCP', 'TCP', 'TCP', 'UDP', 'ICMP'),
      port: fc.constantFrom(22, 53, 80, 443, 8080, 10250, 30000, 30001, 30002, 30003),
    })
    .filter(({ from, to }) => formatEnd(from) !== formatEnd(to))
    .map(
      ({ port, ...rest }): Flow => ({ ...rest, port: rest.protocol === 'ICMP' ? undefined : port }),
    );
  return fc.sample(flow, { seed, numRuns: FLOWS });
}

const EXTRA = [ip('52.216.0.10'), ip('10.0.77.7')];

describePackets('other shapes of VPC, by random flows', () => {
  const seed = Number(
    process.env.SEED ?? (process.env.CI === undefined ? Date.now() % 1_000_000 : 1),
  );

  test.each(SHAPES)(
    '$name',
    async (shape) => {
      const world = worldOf(shape);
      const flows = flowsOver(world, seed);
      const engine = createEngine(world, { staged: 'as-written' });
      const sandbox = await openSandbox({ mode: 'tied' });
      try {
        await sandbox.run(planWorld(world, { extraAddresses: EXTRA }));
        const probes = flows.map((flow) => probeOf(world, flow));
        const observed = await sandbox.probe(probes, { timeoutMs: 400, trace: 'off' });
        const differing = flows.flatMap((flow, i) => {
          const { verdict, by } = engine.explain(flow);
          const seen = verdictOf(observed[i]?.outcome ?? 'unsupported');
          const { from, to, protocol, port } = flow;
          const name = `${formatEnd(from)} to ${formatEnd(to)} ${protocol} ${port}`;
          const why = by.map(({ because }) => because).join('; ');
          // Where the files do not say what listens, packets cannot decide for them.
          return verdict === seen || verdict === 'unknown'
            ? []
            : [{ name, predicted: verdict, seen, why }];
        });
        expect({ seed, differing }).toEqual({ seed, differing: [] });
      } finally {
        await sandbox.close();
      }
    },
    60_000,
  );
});
