import { existsSync, readFileSync } from 'node:fs';
import { foreignVectors } from '../skip';

/** 230 cases by another project; the file is not part of this one, so its absence skips by name. */
export const VECTORS = 'networkpolicy.json';
const file = foreignVectors(VECTORS);

/** One state of a small cluster, with the verdicts somebody else decided. */
export interface Step {
  readonly name: string;
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
  readonly steps: readonly Omit<Step, 'name'>[];
}

const ports = ['TCP', 'UDP', 'SCTP'].flatMap((protocol) =>
  [80, 81].map((containerPort) => ({
    name: `serve-${containerPort}-${protocol.toLowerCase()}`,
    containerPort,
    protocol,
  })),
);

/** What a step's cluster is made of. */
export const manifests = (step: Step): readonly unknown[] => [
  ...Object.entries(step.namespaces).map(([name, labels]) => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels },
  })),
  ...step.pods.map(({ name, ns, ip, labels }) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: ns, labels },
    spec: { containers: [{ name: 'agnhost', image: 'agnhost', ports }] },
    status: { phase: 'Running', podIP: ip },
  })),
  ...(step.policies ?? []).map((policy) => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    ...policy,
  })),
];

/** Every step of every case; none where the file is not there. */
export function vectorSteps(): readonly Step[] {
  if (!existsSync(file)) return [];
  const cases: readonly Case[] = JSON.parse(readFileSync(file, 'utf8'));
  return cases.flatMap(({ id, description, steps }) =>
    steps.map((step, i) => ({ ...step, name: `case ${id}, step ${i}: ${description}` })),
  );
}
