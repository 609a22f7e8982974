import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Verdict } from '../../lib/model/explanation';
import type { Protocol } from '../../lib/model/flow';
import { verdictAt } from '../../lib/model/matrix';
import { createEngine } from '../../lib/reach/engine';
import { worldOf } from '../worlds';

/** 230 cases by another project; the file is not part of this one, so its absence skips by name. */
const file = join(__dirname, '../../../shared/vectors/networkpolicy.json');

interface Step {
  readonly namespaces: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly pods: readonly {
    readonly name: string;
    readonly ns: string;
    readonly ip: string;
    readonly labels: Readonly<Record<string, string>>;
  }[];
  /** Some lack their kind, which the vectors' origin leaves to the API client. */
  readonly policies: readonly object[] | null;
  /** `PROTOCOL/PORT` to a square of `.` and `X`: rows are sources. */
  readonly expect: Readonly<Record<string, readonly string[]>>;
}

interface Case {
  readonly id: number;
  readonly description: string;
  readonly steps: readonly Step[];
}

const ports = ['TCP', 'UDP', 'SCTP'].flatMap((protocol) =>
  [80, 81].map((containerPort) => ({
    name: `serve-${containerPort}-${protocol.toLowerCase()}`,
    ...{ containerPort, protocol },
  })),
);

const manifests = (step: Step): readonly unknown[] => [
  ...Object.entries(step.namespaces).map(([name, labels]) => ({
    ...{ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } },
  })),
  ...step.pods.map(({ name, ns, ip, labels }) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: ns, labels },
    spec: { containers: [{ name: 'agnhost', image: 'agnhost', ports }] },
    status: { phase: 'Running', podIP: ip },
  })),
  ...(step.policies ?? []).map((policy) => ({
    ...{ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' },
    ...policy,
  })),
];

/** Verdicts that are not the expected ones, by the matrix and (for one traffic) flow by flow. */
function mismatches(step: Step): { readonly asked: number; readonly wrong: readonly string[] } {
  const engine = createEngine(worldOf(manifests(step)), { staged: 'as-written' });
  const ends = step.pods.map(({ ns, name }) => ({ kind: 'pod', namespace: ns, name }) as const);
  const wrong: string[] = [];
  let asked = 0;
  for (const [traffic, rows] of Object.entries(step.expect)) {
    const [protocol, port] = traffic.split('/');
    const aim = { protocol: protocol as Protocol, port: Number(port) };
    const matrix = engine.matrix({ sources: ends, targets: ends.map((to) => ({ to, ...aim })) });
    const check = (s: number, d: number, verdict: Verdict): void => {
      const expected = rows[s]?.[d] === '.' ? 'allowed' : 'denied';
      if (verdict !== expected) wrong.push(`${traffic} ${s} -> ${d}: ${verdict}`);
    };
    ends.forEach((from, s) => {
      ends.forEach((to, d) => {
        if (s === d) return;
        asked += 1;
        check(s, d, verdictAt(matrix, s, d));
        if (traffic === 'TCP/80') check(s, d, engine.explain({ from, to, ...aim }).verdict);
      });
    });
  }
  return { asked, wrong };
}

const present = existsSync(file);
const cases: readonly Case[] = present ? JSON.parse(readFileSync(file, 'utf8')) : [];

(present ? test : test.skip)('NetworkPolicy vectors: every verdict off the diagonal', () => {
  const results = cases.flatMap(({ id, description, steps }) =>
    steps.map((step, i) => ({
      name: `case ${id}, step ${i}: ${description}`,
      ...mismatches(step),
    })),
  );
  expect(results.filter(({ wrong }) => wrong.length > 0)).toEqual([]);
  expect(results).toHaveLength(256);
  expect(results.reduce((sum, { asked }) => sum + asked, 0)).toBe(109_956);
});
