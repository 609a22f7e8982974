import type { Command } from 'commander';
import { stringify } from 'yaml';
import type { SourceFile } from '../model/problem';
import type { World } from '../model/world';
import type { Enforcement, PolicyObject } from '../recommend/objects';
import { type Recommendation, recommend as write } from '../recommend/recommend';
import { readRecords } from '../records/read';
import { readWorld } from '../snapshot/world';
import { EXIT, type ExitCode } from './exit';
import { readSource, readSources } from './files';
import { read } from './inputs';
import { stageWorld } from './lab-world';
import { proveRecommendation, type RecommendationProof } from './recommend-proof';
import { recommendText } from './recommend-text';
import { inSession } from './session';
import type { Terminal } from './terminal';

interface RecommendOptions {
  readonly flows: string;
  readonly manifests?: readonly string[];
  readonly template?: readonly string[];
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
    .option('--template <path...>', 'synthesized CloudFormation templates: the VPC around them')
    .option('--lab <id>', 'which running lab, where several are up')
    .option('--enforced', 'write enforced policies instead of staged ones')
    .option('--json', 'print the value instead of the text')
    .action(async (options: RecommendOptions) => {
      const { manifests } = options;
      const worldWith =
        manifests === undefined
          ? await labWorlds(options.lab)
          : fileWorlds(terminal, { ...options, manifests });
      ended(recommend(terminal, worldWith, options));
    });
}

/** The world that was watched, with more manifests on top. */
type WorldWith = (more: readonly SourceFile[]) => World;

const labWorlds = (named: string | undefined): Promise<WorldWith> =>
  inSession(named, async ({ lab, running: { stage, applied } }) => {
    return (more) => stageWorld(lab, stage, { applied: [...applied, ...more] });
  });

function fileWorlds(
  terminal: Terminal,
  options: RecommendOptions & { readonly manifests: readonly string[] },
): WorldWith {
  const manifests = readSources(options.manifests);
  const templates = readSources(options.template ?? []);
  return (more) => read(readWorld({ manifests: [...manifests, ...more], templates }), terminal);
}

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
