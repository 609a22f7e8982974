import { planWorld } from '../../dataplane/plan';
import type { Observation } from '../../dataplane/probe';
import { probeOf } from '../../dataplane/probes';
import { planUnder } from '../../dataplane/wiring/under';
import { cidr, ip } from '../../model/address';
import { Failure } from '../../model/problem';
import type { NodeEndpoint, PodEndpoint, World } from '../../model/world';
import type { Sandbox } from '../../runtime/sandbox/sandbox';

/** Where the canary lives: beside the lab's namespaces, on no cable with them, in no matrix. */
const PREFIX = 'canary/';

/** Silence that counts; both pods share a node, and it is tried twice. */
const SILENCE_MS = 100;

/** What was found of a sandbox in this process; what is under way is waited for. */
const proven = new WeakMap<Sandbox, Promise<void>>();

/**
 * Proves once for a sandbox and process that this kernel enforces policies at all, before any check
 * is believed: of two ports of one pod, a policy allows the one, which must answer, and not the
 * other, which must stay silent. The two pods stay in the sandbox for the next process.
 *
 * @throws Failure `no-enforcement` where the denied flow is not silent, `no-connection` where the
 * allowed one does not connect.
 */
export function checkEnforcement(sandbox: Sandbox): Promise<void> {
  const known = proven.get(sandbox);
  if (known !== undefined) return known;
  const finding = find(sandbox);
  proven.set(sandbox, finding);
  return finding;
}

async function find(sandbox: Sandbox): Promise<void> {
  if (!(await isThere(sandbox))) await build(sandbox);
  const probes = [OPEN, CLOSED].map((port) => {
    const probe = probeOf(world, { from: end(caller), to: end(server), protocol: 'TCP', port });
    return { ...probe, netns: PREFIX + probe.netns };
  });
  const [open, closed] = await sandbox.probe(probes, { timeoutMs: SILENCE_MS, trace: 'off' });
  judge(open, closed);
}

function judge(open: Observation | undefined, closed: Observation | undefined): void {
  const fix = 'run lab doctor to see what this machine can do; lab down, then lab up, starts again';
  if (open?.outcome !== 'connected') {
    const problem = `two pods without any policy cannot connect here: ${open?.outcome}`;
    throw new Failure('no-connection', problem, fix);
  }
  if (closed?.outcome !== 'timed-out') {
    const problem = `this kernel does not enforce policies: a denied flow was ${closed?.outcome}`;
    throw new Failure('no-enforcement', problem, fix);
  }
}

/** Two processes may build at once: the second finds the first one's. */
async function build(sandbox: Sandbox): Promise<void> {
  try {
    await sandbox.run(planUnder(PREFIX, planWorld(world)));
  } catch (error) {
    if (!(await isThere(sandbox))) throw error;
  }
}

const isThere = async (sandbox: Sandbox): Promise<boolean> =>
  (await sandbox.describe()).namespaces.some((name) => name.startsWith(PREFIX));

const NAMESPACE = 'canary';
const OPEN = 80;
const CLOSED = 81;

const node: NodeEndpoint = {
  kind: 'node',
  name: 'node',
  labels: {},
  addresses: [ip('10.0.0.10')],
};

const pod = (name: string, address: string, listens: readonly number[]): PodEndpoint => ({
  kind: 'pod',
  namespace: NAMESPACE,
  name,
  workload: `Pod/${name}`,
  labels: { app: name },
  addresses: [ip(address)],
  node: node.name,
  hostNetwork: false,
  ready: true,
  ports: listens.map((port) => ({ protocol: 'TCP', port })),
  serviceAccount: 'default',
});

const caller = pod('caller', '10.0.1.1', []);
const server = pod('server', '10.0.1.2', [OPEN, CLOSED]);

const end = ({ namespace, name }: PodEndpoint) => ({ kind: 'pod', namespace, name }) as const;

/** As a NetworkPolicy with one ingress rule is read: what it does not allow, the tier denies. */
const world: World = {
  namespaces: [{ name: NAMESPACE, labels: {} }],
  nodes: [node],
  pods: [caller, server],
  outside: [],
  services: [],
  tiers: [{ name: 'default', order: 1_000_000, defaultAction: 'deny' }],
  policies: [
    {
      kind: 'NetworkPolicy',
      namespace: NAMESPACE,
      name: 'one-port',
      staged: 'no',
      tier: 'default',
      order: 1000,
      subject: { kind: 'equals', label: 'app', value: server.name },
      hook: 'normal',
      ingress: [
        {
          index: 0,
          action: 'allow',
          source: 'any',
          destination: 'any',
          traffic: [
            {
              protocol: 'TCP',
              destinationPorts: [{ first: OPEN, last: OPEN }],
              sourcePorts: 'any',
            },
          ],
        },
      ],
      egress: undefined,
    },
  ],
  networkSets: [],
  hostEndpoints: [],
  vpcs: [],
  clusterDomain: 'cluster.local',
  serviceCidr: cidr('172.20.0.0/16'),
};
