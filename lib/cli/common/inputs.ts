import { type Command, Option } from 'commander';
import { CALICO_MINORS, type CalicoMinor } from '../../model/calico-release';
import type { Flow } from '../../model/flow';
import type { InputSummary, SkippedFile } from '../../model/input-summary';
import {
  Failure,
  InputProblems,
  type Problem,
  type Reading,
  type SourceFile,
} from '../../model/problem';
import type { World } from '../../model/world';
import type { Parameter } from '../../read/cloudformation/parameter';
import { readFlows } from '../../read/flows/flows';
import { skippedKinds } from '../../read/inputs/modelled';
import type { WantedInput } from '../../read/inputs/skipped-file';
import { type SortedInputs, sortInputs } from '../../read/inputs/sort';
import { readWorld, type Snapshot } from '../../read/world';
import { inputSummaryText } from '../../report/input-summary';
import { readGiven, readSource, refuseSecondInput } from './files';
import type { Terminal } from './terminal';

/** Options of every command that judges a person's own files. */
export interface InputOptions {
  readonly manifests?: readonly string[];
  readonly template?: readonly string[];
  readonly parameter?: readonly string[];
  readonly keepGoing?: true;
  readonly calico?: CalicoMinor;
  readonly json?: true;
}

/** Adds the options that name a person's own files; either alone will do. */
export const inputOptions = (command: Command, manifests: string): Command =>
  command
    .option('--manifests <path...>', manifests)
    .option('--template <path...>', 'synthesized CloudFormation templates: the VPC around them')
    .option('--parameter <name=value...>', "the templates' parameters, as [stack:]Name=value")
    .option('--keep-going', KEEP_GOING)
    .addOption(calicoOption());

/** `--calico 3.31`: the release whose order of policies and kinds apply. */
export const calicoOption = (): Option =>
  new Option(
    '--calico <release>',
    'release of Calico that enforces; by default the one that the files tell, else 3.32',
  ).choices(CALICO_MINORS);

/** What `--keep-going` does, for the help of every command that has it. */
export const KEEP_GOING =
  'leave out objects with problems; what they may change is answered with unknown';

/** What the first of them is for, where a running lab answers without it. */
export const INSTEAD_OF_A_LAB = 'your own manifests instead of a running lab';

/** The value of a reading; throws every problem of it together. */
export function read<T>(reading: Reading<T>, terminal: Terminal): T {
  if (reading.kind === 'problems') throw new InputProblems(reading.problems);
  for (const warning of reading.warnings) terminal.err(remark(warning));
  return reading.value;
}

/** A person's own files: what is read from them, and those that hold nothing to read. */
export interface OwnSources {
  readonly snapshot: Snapshot;
  readonly skipped: readonly SkippedFile[];
}

/**
 * The files that the options name; `undefined` where they name none.
 * @throws Failure `nothing-read` where a folder, a pipe or all files together give nothing to judge
 */
export function sourcesOf({
  manifests,
  template,
  parameter = [],
  keepGoing,
  calico,
}: InputOptions): OwnSources | undefined {
  if (manifests === undefined && template === undefined) return undefined;
  const parameters = parameter.map(readParameter);
  refuseSecondInput([...(manifests ?? []), ...(template ?? [])]);
  const objects = sorted(manifests, 'objects');
  const templates = sorted(template, 'template');
  return {
    snapshot: {
      manifests: objects.wanted,
      templates: templates.wanted,
      parameters,
      addresses: 'unknown',
      keepGoing: keepGoing === true,
      ...(calico && { calico }),
    },
    skipped: [...objects.skipped, ...templates.skipped],
  };
}

function sorted(paths: readonly string[] | undefined, want: WantedInput): SortedInputs {
  const found = sortInputs(paths === undefined ? [] : readGiven(paths), want);
  const [first] = found.barren;
  if (first === undefined) return found;
  const problem = found.barren.map(({ because }) => because).join('; ');
  throw new Failure('nothing-read', problem, first.fix ?? '');
}

function readParameter(text: string): Parameter {
  const [, stack, name, value] =
    /^(?:([^:=]+):(?!:))?((?:AWS::)?[A-Za-z0-9-]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) {
    const problem = `'${text}' gives no parameter a value`;
    throw new Failure('bad-parameter', problem, 'write Name=value, or Stack:Name=value');
  }
  return { ...(stack === undefined ? {} : { stack }), name, value };
}

/**
 * Refuses options that name standard input twice, the flows' file among them.
 * @throws Failure `read-twice`
 */
export const refuseSharedInputs = (
  { manifests = [], template = [] }: InputOptions,
  flows: readonly string[],
): void => refuseSecondInput([...manifests, ...template, ...flows]);

/** The same for one file of flows. */
export const refuseSharedInput = (
  { manifests = [], template = [] }: InputOptions,
  flows: string,
): void => refuseSecondInput([...manifests, ...template, flows]);

/** A person's own world, and what was read to make it. */
export interface OwnInput {
  readonly world: World;
  readonly read: InputSummary;
  /** The files themselves, to tell where something stands in them. */
  readonly files: readonly SourceFile[];
}

/** The world in the files that the options name, and what was read; `undefined` where they name none. */
export function ownInput(options: InputOptions, terminal: Terminal): OwnInput | undefined {
  const sources = sourcesOf(options);
  return sources === undefined ? undefined : readOwn(sources, terminal, options);
}

/** Reads a person's own files, and says on `err` what was read and what was left out. */
export function readOwn(
  { snapshot, skipped: files }: OwnSources,
  terminal: Terminal,
  { json }: Pick<InputOptions, 'json'>,
): OwnInput {
  const reading = readWorld(snapshot);
  const world = read(reading, terminal);
  const { objects = 0, skipped } = reading as Extract<typeof reading, { kind: 'read' }>;
  const templates = snapshot.templates?.length ?? 0;
  const summary: InputSummary = {
    files: snapshot.manifests.length + templates,
    objects,
    templates,
    skipped: files,
    ...skippedKinds(skipped),
    ...(world.leftOut && {
      leftOut: world.leftOut.map(({ object, file, problem }) => ({ object, file, problem })),
    }),
  };
  refuseNothing(summary, world);
  if (json) terminal.err(JSON.stringify({ read: summary }));
  else for (const line of inputSummaryText(summary)) terminal.err(line);
  return { world, read: summary, files: [...snapshot.manifests, ...(snapshot.templates ?? [])] };
}

/** Files of which nothing can be judged are a mistake: the answer would be an all-clear about nothing. */
function refuseNothing(summary: InputSummary, { vpcs }: World): void {
  const { objects, notModelled, notNetwork, templates } = summary;
  const kinds = { ...notModelled, ...notNetwork };
  const skipped = Object.values(kinds).reduce((sum, count) => sum + count, 0);
  const isBare = templates === 0 ? objects <= skipped : objects === 0 && vpcs.length === 0;
  if (!isBare) return;
  const found = Object.entries(kinds).map(([kind, count]) => `${count} ${kind}`);
  const list = found.length === 0 ? 'nothing' : found.join(', ');
  throw new Failure(
    'nothing-read',
    `the input holds nothing that is judged: found ${list}; looked for pods, workloads, Services, policies or a VPC`,
    'give the files that hold them, such as kubectl get ns,no,po,svc,endpointslices,netpol -A -o yaml',
  );
}

/** The world in the files that the options name; `undefined` where they name none. */
export const ownWorld = (options: InputOptions, terminal: Terminal): World | undefined =>
  ownInput(options, terminal)?.world;

/** The same where files must be named; throws a `Failure` where none are. */
export const worldOf = (options: InputOptions, terminal: Terminal): World =>
  inputOf(options, terminal).world;

/** A person's own world where files must be named; throws a `Failure` where none are. */
export function inputOf(options: InputOptions, terminal: Terminal): OwnInput {
  const input = ownInput(options, terminal);
  if (input !== undefined) return input;
  throw new Failure(
    'no-input',
    'no input was given',
    'give manifests (--manifests), CloudFormation templates (--template), or both',
  );
}

/**
 * The flows that the options name.
 * @throws Failure `nothing-read` where the file holds none
 */
export function flowsOf(path: string, world: World, terminal: Terminal): readonly Flow[] {
  const flows = read(readFlows(readSource(path), world), terminal);
  if (flows.length > 0) return flows;
  const problem = `${path} gives no flow: looked for one JSON object a line`;
  const fix =
    'write {"from":"ns/pod","to":"ns/pod","protocol":"TCP","port":80}; see lab help flows';
  throw new Failure('nothing-read', problem, fix);
}

const remark = ({ file, path, problem, fix }: Problem): string =>
  `warning ${[file, path].filter((part) => part !== '').join(': ')}: ${problem}; ${fix}`;
