import { planStage, planWorld } from '../../../lib/dataplane/plan';
import { probeOf } from '../../../lib/dataplane/probes';
import type { Flow } from '../../../lib/model/flow';
import type { Policy, Traffic } from '../../../lib/model/policy';
import type { World } from '../../../lib/model/world';
import { openSandbox, type Sandbox } from '../../../lib/runtime/sandbox/sandbox';
import { node, pod, policy, rule, world } from '../../build/model';
import { describePackets } from '../kernel';

const ground: World = world({
  nodes: [node('a', '10.0.0.10'), node('b', '10.0.0.20')],
  pods: [
    pod('s/web', 'a', '10.0.1.10'),
    pod('s/agent', 'b', '10.0.0.20', { hostNetwork: true, labels: {} }),
  ],
  hostEndpoints: [
    {
      name: 'b',
      node: 'b',
      interfaceName: '*',
      labels: { host: 'b' },
      expectedIps: [],
      defaultAllow: false,
    },
  ],
});

const web: Traffic = {
  protocol: 'TCP',
  destinationPorts: [{ first: 80, last: 80 }],
  sourcePorts: 'any',
};
const replies: Traffic = {
  protocol: 'TCP',
  destinationPorts: 'any',
  sourcePorts: [{ first: 80, last: 80 }],
};
const stateless = (parts: Partial<Policy>): Policy =>
  policy('stateless', {
    kind: 'GlobalNetworkPolicy',
    hook: 'untracked',
    subject: { kind: 'has', label: 'host' },
    ...parts,
  });
const into = [rule({ traffic: [web] })];
const back = [rule({ traffic: [replies] })];

const call = (port: number): Flow => ({
  from: { kind: 'pod', namespace: 's', name: 'web' },
  to: { kind: 'node', name: 'b' },
  protocol: 'TCP',
  port,
});

describePackets('host endpoints, by real packets', () => {
  let sandbox: Sandbox;
  let standing = ground;
  beforeAll(async () => {
    sandbox = await openSandbox({ mode: 'tied' });
    await sandbox.run(planWorld(ground));
  });
  afterAll(() => sandbox.close());

  // What the kernel does without connections: doNotTrack policies (Calico: high-connection hosts).
  test.each`
    policies                                                | port    | outcome        | because
    ${[]}                                                   | ${80}   | ${'timed-out'} | ${'no policy and no profile allow it'}
    ${[]}                                                   | ${6443} | ${'refused'}   | ${'a failsafe port, where nobody listens'}
    ${[stateless({ ingress: into })]}                       | ${80}   | ${'timed-out'} | ${'the reply is nobody’s connection'}
    ${[stateless({ ingress: into, egress: back })]}         | ${80}   | ${'connected'} | ${'the reply has a rule of its own'}
    ${[stateless({ ingress: into, egress: back })]}         | ${81}   | ${'timed-out'} | ${'and nothing else has'}
    ${[stateless({ ingress: [rule({ action: 'deny' })] })]} | ${6443} | ${'refused'}   | ${'failsafe comes before policies here too'}
  `('$port is $outcome: $because', async ({ policies, port, outcome }) => {
    const next = { ...ground, policies };
    await sandbox.run(planStage(standing, next));
    standing = next;
    const [seen] = await sandbox.probe([probeOf(next, call(port))], {
      timeoutMs: 300,
      trace: 'off',
    });
    expect(seen?.outcome).toBe(outcome);
  });
});
