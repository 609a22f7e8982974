import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { ip } from '../../lib/model/address';
import type { FlowEnd, Protocol } from '../../lib/model/flow';
import { createEngine } from '../../lib/reach/engine';
import { readWorld } from '../../lib/read/world';
import { readOf } from '../build/reading';
import { testUnless } from '../skip';
import { type OracleWorld, oracleWorld } from './random-world';

/**
 * NetworkPolicy, AdminNetworkPolicy and BaselineAdminNetworkPolicy as the Kubernetes network policy
 * group's own implementation decides them: sigs.k8s.io/kube-network-policies v0.8.0.
 */

const WORLDS = Number(process.env.ORACLE_WORLDS ?? 800);
const SEED = Number(process.env.ORACLE_SEED ?? 20261201);
const PORTS: readonly (readonly [protocol: Protocol, port: number])[] = [
  ['TCP', 80],
  ['TCP', 81],
  ['UDP', 53],
  ['SCTP', 80],
];
/** Outside of the cluster, in and out of the blocks that random rules name. */
const OUTSIDE = ['192.0.2.7', '10.0.1.200', '10.1.0.9', '203.0.113.10'];

interface Asked {
  readonly from: string;
  readonly to: string;
  readonly protocol: Protocol;
  readonly port: number;
}

interface PodLike {
  readonly metadata: { readonly namespace: string; readonly name: string };
  readonly status: { readonly podIP: string };
}

function flowsOf({ Pods }: OracleWorld): readonly Asked[] {
  const own = (Pods as readonly PodLike[]).map(({ status }) => status.podIP);
  const all = [...own, ...OUTSIDE];
  return all.flatMap((from) =>
    all
      .filter((to) => to !== from && (own.includes(from) || own.includes(to)))
      .flatMap((to) => PORTS.map(([protocol, port]) => ({ from, to, protocol, port }))),
  );
}

/** The answers of the engine, in the oracle's letters. */
function predicted(world: OracleWorld, flows: readonly Asked[]): string {
  const items = [
    ...world.Namespaces,
    ...world.Pods,
    ...world.Policies,
    ...world.Admin,
    ...world.Baseline,
  ];
  const text = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
  const engine = createEngine(readOf(readWorld({ manifests: [{ path: 'world.json', text }] })), {
    staged: 'as-written',
  });
  const pods = new Map(
    (world.Pods as readonly PodLike[]).map(({ metadata, status }) => [status.podIP, metadata]),
  );
  const end = (address: string): FlowEnd => {
    const pod = pods.get(address);
    return pod === undefined
      ? { kind: 'ip', address: ip(address) }
      : { kind: 'pod', namespace: pod.namespace, name: pod.name };
  };
  return flows
    .map(({ from, to, protocol, port }) => {
      const { verdict } = engine.explain({ from: end(from), to: end(to), protocol, port });
      return { allowed: '.', denied: 'X', unknown: '?', 'no-route': '?' }[verdict];
    })
    .join('');
}

/** What Go unmarshals into one world: each flow under the names of its fields. */
const toLine = (world: OracleWorld, flows: readonly Asked[]): string =>
  JSON.stringify({
    ...world,
    Flows: flows.map(({ from, to, protocol, port }) => ({
      From: from,
      To: to,
      Protocol: protocol,
      Port: port,
    })),
  });

const { ORACLE, NO_ORACLE } = process.env;
const judged = testUnless(
  ORACLE === undefined ? (NO_ORACLE ?? 'the oracle is not built') : undefined,
);

judged(
  `${WORLDS} random worlds of seed ${SEED}: no verdict differs`,
  () => {
    const worlds = fc.sample(oracleWorld, { numRuns: WORLDS, seed: SEED });
    const asked = worlds.map((world) => ({ world, flows: flowsOf(world) }));
    const input = asked.map(({ world, flows }) => toLine(world, flows)).join('\n');
    const ran = spawnSync(ORACLE ?? '', { input, encoding: 'utf8', maxBuffer: 1 << 30 });
    expect([ran.status, ran.error]).toEqual([0, undefined]);
    const answers = ran.stdout.trim().split('\n');
    const differing = asked.flatMap(({ world, flows }, w) => {
      const own = predicted(world, flows);
      return flows.flatMap((flow, i) =>
        own[i] === answers[w]?.[i]
          ? []
          : [{ world: w, flow, own: own[i], oracle: answers[w]?.[i] }],
      );
    });
    const total = answers.join('').length;
    console.log(`${total} verdicts, ${differing.length} different`);
    expect(total).toBe(asked.reduce((sum, { flows }) => sum + flows.length, 0));
    expect(differing.slice(0, 5)).toEqual([]);
  },
  570_000,
);
