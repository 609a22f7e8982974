import type { Command } from 'commander';
import { stringify } from 'yaml';
import type { SourceFile } from '../model/problem';
import type { World } from '../model/world';
import type { Enforcement, PolicyObject } from '../recommend/objects';
import { type Recommendation, recommend as write } from '../recommend/recommend';
import { readRecords } from '../records/read';
import { readWorld, type Snapshot } from '../snapshot/world';
import { EXIT, type ExitCode } from './exit';
import { readSource } from './files';
import { INSTEAD_OF_A_LAB, type InputOptions, inputOptions, read, sourcesOf } from './inputs';
import { stageWorld } from './lab-world';
import { proveRecommendation, type RecommendationProof } from './recommend-proof';
import { recommendText } from './recommend-text';
import { inSession } from './session';
import type { Terminal } from './terminal';

interface RecommendOptions extends InputOptions {
  readonly flows: string;
  readonly lab?: string;
  readonly enforced?: true;
}

/** `lab recommend --flows <file>`: from flows that were seen to a small set of readable policies. */
export function register(
  program: Command,
  terminal: Terminal,
  ended: (code: ExitCode) => void,
): void {
  inputOptions(program.command('recommend'), INSTEAD_OF_A_LAB)
    .description('a small set of policies that keeps exactly the flows seen, proven by the engine')
    .requiredOption('--flows <file>', 'flow records: our answers, Calico or VPC flow logs')
    .option('--lab <id>', 'which running lab, where several are up')
    .option('--enforced', 'write enforced policies instead of staged ones')
    .option('--json', 'print the value instead of the text')
    .action(async (options: RecommendOptions) => {
      const own = sourcesOf(options);
      const worldWith =
        own === undefined ? await labWorlds(options.lab) : fileWorlds(terminal, own);
      ended(recommend(terminal, worldWith, options));
    });
}

/** The world that was watched, with more manifests on top. */
type WorldWith = (more: readonly SourceFile[]) => World;

const labWorlds = (named: string | undefined): Promise<WorldWith> =>
  inSession(named, async ({ lab, running: { stage, applied } }) => {
    return (more) => stageWorld(lab, stage, { applied: [...applied, ...more] });
  });

const fileWorlds =
  (terminal: Terminal, own: Snapshot): WorldWith =>
  (more) =>
    read(readWorld({ ...own, manifests: [...own.manifests, ...more] }), terminal);

function recommend(terminal: Terminal, worldWith: WorldWith, options: RecommendOptions): ExitCode {
  const world = worldWith([]);
  const records = read(readRecords(readSource(options.flows), world), terminal);
  const flows = records.filter(({ action }) => action === 'allow').map(({ flow }) => flow);
  const enforcement: Enforcement = options.enforced ? 'enforced' : 'staged';
  const recommendation = write(world, flows, enforcement);
  const { policies } = recommendation;
  const proof = proveRecommendation(worldWith([asFile(policies)]), flows, policies);
  print(terminal, { recommendation, proof }, options);
  return proof.lost.length === 0 ? EXIT.right : EXIT.differs;
}

interface Answer {
  readonly recommendation: Recommendation;
  readonly proof: RecommendationProof;
}

/** Text goes to `err`: the answer on `out` is YAML, for a file or for kubectl. */
function print(terminal: Terminal, answer: Answer, { json }: RecommendOptions): void {
  const { recommendation, proof } = answer;
  if (json) {
    terminal.out(JSON.stringify({ ...recommendation, ...proof }));
    return;
  }
  terminal.out(yaml(recommendation.policies));
  terminal.err(`\n${recommendText(recommendation, proof)}`);
  terminal.err(
    '\nNext: save it, then lab apply <file>, lab diff, and --enforced once nothing is missing',
  );
}

const yaml = (policies: readonly PolicyObject[]): string =>
  policies
    .map((policy) => stringify(policy, { aliasDuplicateObjects: false }))
    .join('---\n')
    .trimEnd();

const asFile = (policies: readonly PolicyObject[]): SourceFile => ({
  path: 'recommended.yaml',
  text: yaml(policies),
});
