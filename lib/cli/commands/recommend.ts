import { type Command, Option } from 'commander';
import type { FlowNote } from '../../model/flow-evidence';
import type { InputSummary } from '../../model/input-summary';
import { Failure, InputProblems } from '../../model/problem';
import type { World } from '../../model/world';
import { proveRecommendation, type RecommendationProof } from '../../proof/recommend-proof';
import { recommendText } from '../../proof/recommend-text';
import { withRecommended } from '../../proof/recommended-world';
import { readAwsRanges } from '../../recommend/aws-ranges';
import {
  inKind,
  SET_KINDS,
  type SetForm,
  type SetKind,
  type WrittenSet,
} from '../../recommend/kinds';
import { frequentFlows } from '../../recommend/rare';
import { recommend as write } from '../../recommend/recommend';
import { policiesYaml } from '../../recommend/yaml';
import type { RecordFile } from '../../records/open/file-outcome';
import { readRecordFiles } from '../../records/open/files';
import {
  createRecordsReader,
  fileProblems,
  type RecordsRead,
  seenFlows,
  skippedWarnings,
} from '../../records/open/read';
import { recordedWorld } from '../../records/recorded-world';
import { stageWorld } from '../../session/lab-world';
import { withLocalSession } from '../../session/local/open';
import { EXIT, type ExitCode } from '../common/exit';
import { readSource } from '../common/files';
import { type HtmlOptions, htmlOption, reportIn } from '../common/html';
import {
  INSTEAD_OF_A_LAB,
  type InputOptions,
  inputOptions,
  readOwn,
  refuseSharedInputs,
  sourcesOf,
} from '../common/inputs';
import { lineProgress } from '../common/line-progress';
import { jsonOption, labOption } from '../common/options';
import { recordInputs } from '../common/record-inputs';
import { readBlock, readNumber, readServer, readSince } from '../common/record-options';
import type { Terminal } from '../common/terminal';

interface RecommendOptions extends InputOptions, HtmlOptions {
  readonly flows: readonly string[];
  readonly lab?: string;
  readonly enforced?: true;
  readonly kind?: SetKind;
  readonly tier?: string;
  readonly since?: string;
  readonly namespace?: readonly string[];
  readonly minCount?: string;
  readonly closeSilent?: true;
  readonly logFormat?: string;
  readonly server?: readonly string[];
  readonly awsRanges?: string;
  readonly fold?: string;
  readonly nodeCidr?: readonly string[];
}

const DESCRIPTION =
  'a small set of policies that keeps exactly the flows seen, also after the next deploy, proven by the engine';

/** `lab recommend --flows <file>`: from flows that were seen to a small set of readable policies. */
export function register(
  program: Command,
  terminal: Terminal,
  ended: (code: ExitCode) => void,
): void {
  const command = labOption(inputOptions(program.command('recommend'), INSTEAD_OF_A_LAB));
  recordOptions(jsonOption(htmlOption(command)).description(DESCRIPTION)).action(
    async (options: RecommendOptions) => {
      refuseSharedInputs(options, options.flows);
      const own = sourcesOf(options);
      const watched =
        own === undefined
          ? { world: await labWorld(options.lab) }
          : readOwn(own, terminal, options);
      ended(await recommend(terminal, watched, options));
    },
  );
}

const recordOptions = (command: Command): Command =>
  command
    .requiredOption(
      '--flows <path...>',
      'flow records: files or folders of VPC or transit gateway flow logs, Calico or Hubble flows, conntrack lists or our answers',
    )
    .option('--enforced', 'write enforced policies instead of staged ones')
    .addOption(
      new Option('--kind <kind>', 'the kind of the policies')
        .choices(SET_KINDS)
        .default('network-policy'),
    )
    .option('--tier <name>', 'the tier of Calico’s policies')
    .option('--namespace <name...>', 'write policies for these namespaces only')
    .option('--close-silent', 'close namespaces without a flow too')
    .option('--since <time>', 'leave out records before a time, or longer ago than 24h')
    .option('--min-count <n>', 'leave out calls with fewer records', '1')
    .option('--server <end:port...>', 'a port that is a server’s, where records do not tell')
    .option('--log-format <format>', 'fields of VPC flow logs without a header line')
    .option('--aws-ranges <file>', 'AWS’s ip-ranges.json: addresses become their service’s blocks')
    .addOption(new Option('--fold <prefix>', 'outside IPv4 addresses become blocks of this prefix'))
    .option('--node-cidr <cidr...>', 'blocks that nodes get addresses from');

const labWorld = (named: string | undefined): Promise<World> =>
  withLocalSession(named, async ({ lab, running: { stage, applied } }) =>
    stageWorld(lab, stage, { applied }),
  );

interface Watched {
  readonly world: World;
  readonly read?: InputSummary;
}

async function recommend(
  terminal: Terminal,
  watched: Watched,
  options: RecommendOptions,
): Promise<ExitCode> {
  const world = recordedWorld(watched.world);
  const read = await recordsOf(watched.world, terminal, options);
  const seen = seenFlows(read.records);
  const most = Number.MAX_SAFE_INTEGER;
  const minCount = readNumber('--min-count', options.minCount ?? '1', [1, most]);
  const frequent = frequentFlows(world, seen, minCount);
  const form = formOf(options);
  const set = inKind(world, write(world, frequent.flows, form.enforcement, rulesOf(options)), form);
  const notes = [...read.notes, ...frequent.notes, ...set.notes];
  if (set.policies.length === 0 || set.evidence.length === 0) throw nothing(read, notes);
  const text = policiesYaml(set.policies, set.evidence);
  const after = withRecommended(world, { path: 'recommended.yaml', text });
  const proof = proveRecommendation(after, frequent.flows, set.policies);
  const files = read.files;
  const recommendation = { ...set, notes };
  const answer = { recommendation, proof, files, text };
  reportIn(options, ({ recommendReport }) => recommendReport(recommendation, proof, text));
  print(terminal, { ...answer, ...(watched.read && { read: watched.read }) }, options);
  return isProven(proof) ? EXIT.right : EXIT.differs;
}

const isProven = ({ lost, nextDeploy: { cut, opened } }: RecommendationProof): boolean =>
  lost.length + cut.length + opened.length === 0;

/** How the set is written. */
function formOf({
  enforced,
  kind = 'network-policy',
  tier = 'default',
}: RecommendOptions): SetForm {
  const enforcement = enforced ? 'enforced' : 'staged';
  if (kind === 'cluster-network-policy' && enforcement === 'staged') {
    const problem = 'ClusterNetworkPolicy has no staged kind';
    throw new Failure('no-staged-kind', problem, 'add --enforced, or take --kind calico');
  }
  if (tier !== 'default' && kind !== 'calico') {
    throw new Failure('bad-tier', '--tier is for policies of Calico', 'add --kind calico');
  }
  return { kind, tier, enforcement };
}

function rulesOf(options: RecommendOptions): Parameters<typeof write>[3] {
  const { namespace, closeSilent, awsRanges, fold, nodeCidr } = options;
  return {
    namespaces: namespace,
    closesSilent: closeSilent,
    named: awsRanges === undefined ? [] : rangesIn(awsRanges),
    fold: fold === undefined ? undefined : readNumber('--fold', fold, [8, 32]),
    nodeBlocks: nodeCidr?.map((cidr) => readBlock('--node-cidr', cidr)),
  };
}

function rangesIn(path: string): NonNullable<ReturnType<typeof readAwsRanges>> {
  const ranges = readAwsRanges(readSource(path).text);
  if (ranges !== undefined) return ranges;
  const fix = 'download https://ip-ranges.amazonaws.com/ip-ranges.json and give that file';
  throw new Failure('bad-ranges', `${path} is not AWS’s ip-ranges.json`, fix);
}

/** @throws InputProblems where no file holds a record */
async function recordsOf(
  world: World,
  terminal: Terminal,
  { flows, since, server, logFormat }: RecommendOptions,
): Promise<RecordsRead> {
  const reader = createRecordsReader(world, {
    logFormat,
    servers: server?.map(readServer),
    since: since === undefined ? undefined : readSince(since, new Date()),
  });
  const progress = lineProgress(terminal);
  await readRecordFiles(recordInputs(flows), reader, progress.at);
  progress.end();
  const read = reader.result();
  const problems = fileProblems(read.files);
  if (problems.length === read.files.length) throw new InputProblems(problems);
  for (const { file, problem, fix } of [...problems, ...skippedWarnings(read.files)]) {
    terminal.err(`warning ${file}: ${problem}; ${fix}`);
  }
  return read;
}

/** Calls that a refusal names of one kind. */
const MOST_CALLS = 10;

/** Nothing that policies could keep: a default deny would cut every call. */
function nothing({ records, files }: RecordsRead, notes: readonly FlowNote[]): InputProblems {
  const denied = records.filter(({ action }) => action === 'deny').length;
  const why = records.length === 0 ? 'no record gives a flow' : `flows read: ${records.length}`;
  const refused = denied === 0 ? '' : ` (denied: ${denied})`;
  const problem = `${why}${refused}; none is an allowed call between ends that a policy can name, so nothing is recommended: a default deny would cut everything`;
  const fix =
    'give records and manifests of the same cluster and time (kubectl get pods,nodes -A -o yaml)';
  const [first] = files;
  const at = { file: first?.path ?? '', document: 0, path: '' };
  const said = notes.map((note) => {
    const calls = note.calls === undefined ? '' : `: ${note.calls.slice(0, MOST_CALLS).join(', ')}`;
    return { ...at, problem: `${note.problem}${calls}`, fix: note.fix };
  });
  return new InputProblems([{ ...at, problem, fix }, ...said]);
}

interface Answer {
  readonly recommendation: WrittenSet;
  readonly proof: RecommendationProof;
  readonly files: readonly RecordFile[];
  readonly text: string;
  readonly read?: InputSummary;
}

/** Text goes to `err`: the answer on `out` is YAML, for a file or for kubectl. */
function print(terminal: Terminal, answer: Answer, { json }: RecommendOptions): void {
  const { recommendation, proof, files, text, read: summary } = answer;
  if (json) {
    terminal.out(JSON.stringify({ ...recommendation, ...proof, files, read: summary }));
    return;
  }
  terminal.out(text);
  terminal.err(`\n${recommendText(recommendation, proof)}`);
  terminal.err(
    '\nNext: save it, then lab apply <file>, lab diff, and --enforced once nothing is missing',
  );
}
