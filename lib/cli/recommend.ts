import type { Command } from 'commander';
import { stringify } from 'yaml';
import type { Flow } from '../model/flow';
import { type Matrix, verdictAt } from '../model/matrix';
import type { SourceFile } from '../model/problem';
import { everyFlow } from '../reach/diff';
import { createEngine } from '../reach/engine';
import {
  type Enforcement,
  type KubernetesObject,
  recommend as write,
} from '../recommend/recommend';
import { readRecords } from '../records/read';
import { flowText } from '../report/comparison';
import { readWorld } from '../snapshot/world';
import { EXIT, type ExitCode } from './exit';
import { readSource, readSources } from './files';
import { read } from './inputs';
import { stageSources } from './lab-world';
import { inSession } from './session';
import type { Terminal } from './terminal';

interface RecommendOptions {
  readonly flows: string;
  readonly manifests?: readonly string[];
  readonly lab?: string;
  readonly enforced?: true;
  readonly json?: true;
}

/** `lab recommend --flows <file>`: from flows that were seen to a small set of readable policies. */
export function register(
  program: Command,
  terminal: Terminal,
  ended: (code: ExitCode) => void,
): void {
  program
    .command('recommend')
    .description('a small set of policies that keeps exactly the flows seen, proven by the engine')
    .requiredOption('--flows <file>', 'flow records: our answers, Calico or VPC flow logs')
    .option('--manifests <path...>', 'your own manifests instead of a running lab')
    .option('--lab <id>', 'which running lab, where several are up')
    .option('--enforced', 'write enforced policies instead of staged ones')
    .option('--json', 'print the value instead of the text')
    .action(async (options: RecommendOptions) => {
      const { manifests } = options;
      const sources =
        manifests === undefined
          ? await inSession(options.lab, async ({ lab, running }) =>
              stageSources(lab, running.stage),
            )
          : readSources(manifests);
      ended(recommend(terminal, sources, options));
    });
}

function recommend(
  terminal: Terminal,
  manifests: readonly SourceFile[],
  options: RecommendOptions,
): ExitCode {
  const world = read(readWorld({ manifests }), terminal);
  const records = read(readRecords(readSource(options.flows), world), terminal);
  const flows = records.filter(({ action }) => action === 'allow').map(({ flow }) => flow);
  const enforcement: Enforcement = options.enforced ? 'enforced' : 'staged';
  const { policies, generalised } = write(world, flows, enforcement);
  const proof = proofOf(manifests, policies, flows);
  if (options.json) {
    terminal.out(JSON.stringify({ policies, generalised, ...proof }));
  } else {
    terminal.out(
      policies
        .map((policy) => stringify(policy))
        .join('---\n')
        .trimEnd(),
    );
    summary(terminal, { ...proof, generalised, seen: flows.length });
  }
  return proof.lost.length === 0 ? EXIT.right : EXIT.differs;
}

/** What the engine says of the policies, were all of them enforced. */
interface Proof {
  readonly kept: number;
  /** Flows that were seen and would be cut: none, or the recommendation is wrong. */
  readonly lost: readonly string[];
  /** Flows that nobody saw and that close. */
  readonly closed: number;
  /** Flows that nobody saw and that stay open. */
  readonly open: number;
}

function proofOf(
  manifests: readonly SourceFile[],
  policies: readonly KubernetesObject[],
  flows: readonly Flow[],
): Proof {
  const text = policies.map((policy) => JSON.stringify(policy)).join('\n---\n');
  const reading = readWorld({ manifests: [...manifests, { path: 'recommended.yaml', text }] });
  if (reading.kind === 'problems') throw new Error(JSON.stringify(reading.problems));
  const engine = createEngine(reading.value, { staged: 'as-enforced' });
  const lost = flows.filter((flow) => engine.explain(flow).verdict !== 'allowed');
  const matrix = engine.matrix(everyFlow(reading.value));
  const { allowed, denied } = countUnseen(matrix, flows);
  return {
    kept: flows.length - lost.length,
    lost: lost.map(flowText),
    closed: denied,
    open: allowed,
  };
}

/** Flows of the matrix that nobody saw, by their verdict now. */
function countUnseen(matrix: Matrix, seen: readonly Flow[]) {
  const known = new Set(seen.map(flowText));
  const counts = { allowed: 0, denied: 0 };
  matrix.sources.forEach(({ from }, s) => {
    matrix.targets.forEach(({ to, protocol, port }, t) => {
      const isSelf = JSON.stringify(from) === JSON.stringify(to);
      if (isSelf || known.has(flowText({ from, to, protocol, port }))) return;
      counts[verdictAt(matrix, s, t) === 'allowed' ? 'allowed' : 'denied'] += 1;
    });
  });
  return counts;
}

interface Told extends Proof {
  readonly generalised: readonly string[];
  readonly seen: number;
}

/** To `err`: the answer on `out` is YAML, for a file or for kubectl. */
function summary(terminal: Terminal, { seen, kept, lost, closed, open, generalised }: Told): void {
  terminal.err(`\n${seen} flows seen: ${kept} kept, ${lost.length} lost`);
  for (const flow of lost) terminal.err(`  lost: ${flow}`);
  terminal.err(`of the flows that nobody saw ${closed} close and ${open} stay open`);
  if (generalised.length > 0) terminal.err('generalised, because replicas share their labels:');
  for (const line of generalised) terminal.err(`  ${line}`);
  terminal.err(
    '\nNext: save it, then lab apply <file>, lab diff, and --enforced once nothing is missing',
  );
}
