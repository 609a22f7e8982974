import { lstatSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Lab } from '../../lab/format';
import { lint } from '../../lint/lint';
import { Failure, InputProblems, type SourceFile } from '../../model/problem';
import type { World } from '../../model/world';
import { type Proof, prove } from '../../proof/proof';
import { createEngine } from '../../reach/engine';
import { diff } from '../../reach/questions/diff';
import { readWorld } from '../../read/world';
import { openSandbox } from '../../runtime/sandbox/sandbox';
import { drawnLab } from '../../session/drawn';
import { datapathAt, stageWorld } from '../../session/lab-world';
import { applyManifests } from '../../session/local/move';
import { withLocalSession } from '../../session/local/open';
import { labRunning } from '../../session/local/running';
import { bringUp } from '../../targets/local/local';
import type { KeepAnswer, KeepRequest, TryAnswer, TryRequest } from '../api/shapes';
import { flag, list, object, oneOf, optional, text } from './fields';
import { fileName } from './file-name';
import { MOST_TEXT } from './judge';
import { unknownStage } from './labs';
import { countsOf, matricesOf } from './proof-value';
import type { StreamHandlers, ValueHandlers } from './types';

/** Most bytes of a person's own files. */
const OWN_BYTES = 8_000_000;

const sourceFile = object<SourceFile>({ path: text(300), text: text(OWN_BYTES) });

/** Scratch networks are made one after the other, whichever lab they are for. */
const SCRATCH = 'scratch network';

type DraftStreams = Pick<StreamHandlers, 'POST api/labs/:lab/try' | 'POST api/try'>;

/** Drafts: tried with real packets, and nothing of them is kept. */
export const draftStreams: DraftStreams = {
  'POST api/labs/:lab/try': {
    most: OWN_BYTES,
    read: object<TryRequest>({
      stage: optional(text(100)),
      draft: optional(object({ path: fileName, text: text(MOST_TEXT) })),
      sources: optional(list(sourceFile, 100)),
      on: optional(oneOf('scratch', 'lab')),
    }),
    run: ({ lab: id, ask, context }, { progress }) => {
      if ((ask.draft === undefined) === (ask.sources === undefined)) throw draftOrSources();
      return ask.on === 'lab'
        ? context.turns.take(id, 'try', () => tryInLab(id, ask, progress))
        : context.turns.take(SCRATCH, 'try', () => tryBeside(id, ask, progress));
    },
  },
  'POST api/try': {
    most: OWN_BYTES,
    read: object({
      manifests: list(sourceFile, 1000),
      templates: optional(list(sourceFile, 1000)),
    }),
    run: ({ ask, context }, { progress }) =>
      context.turns.take(SCRATCH, 'try', async () => {
        const { manifests, templates = [] } = ask;
        const reading = readWorld({ manifests, templates, addresses: 'unknown' });
        if (reading.kind === 'problems') throw new InputProblems(reading.problems);
        return tryWorlds({ after: reading.value, progress });
      }),
  },
};

/** Tries a draft in a network of its own, beside the lab. */
async function tryBeside(
  id: string,
  { stage: wanted, draft, sources }: TryRequest,
  progress: (text: string) => void,
): Promise<TryAnswer> {
  const lab = drawnLab(id);
  const [running] = await labRunning(id);
  const stage = wanted ?? running?.stage ?? lab.start ?? '';
  if (!lab.stages.some(({ name }) => name === stage)) throw unknownStage(id, stage);
  const applied = running?.stage === stage ? running.applied : [];
  const before = stageWorld(lab, stage, { applied });
  const after =
    sources === undefined
      ? stageWorld(lab, stage, { applied: withDraft(applied, draft) })
      : stageWorld(lab, stage, { sources });
  return tryWorlds({ before, after, progress, datapath: datapathAt(lab, stage) });
}

const withDraft = (
  applied: readonly SourceFile[],
  draft: SourceFile | undefined,
): readonly SourceFile[] => [
  ...applied.filter(({ path }) => path !== draft?.path),
  ...(draft === undefined ? [] : [draft]),
];

/** What is tried in a scratch network. */
interface Trial {
  /** What was in force before; absent: nothing to compare with. */
  readonly before?: World;
  readonly after: World;
  readonly progress: (text: string) => void;
  readonly datapath?: ReturnType<typeof datapathAt>;
}

async function tryWorlds({ before, after, progress, datapath }: Trial): Promise<TryAnswer> {
  progress('building a scratch network');
  const sandbox = await openSandbox({ mode: 'tied' });
  try {
    const local = await bringUp(sandbox, after, { datapath });
    progress('sending packets');
    return tried('scratch', await prove(local), { before, after });
  } finally {
    await sandbox.end();
  }
}

/** Tries a draft in the lab itself, which then gets back what it had. */
const tryInLab = (
  id: string,
  { stage, draft }: TryRequest,
  progress: (text: string) => void,
): Promise<TryAnswer> =>
  withLocalSession(id, async (session) => {
    const { running, local } = session;
    if (draft === undefined) throw onlyBeside();
    if (stage !== undefined && stage !== running.stage) throw otherStage(session.lab, stage);
    progress('applying the draft');
    const { before, after } = await applyManifests(session, withDraft(running.applied, draft));
    try {
      progress('sending packets');
      return tried('lab', await prove(local), { before, after });
    } finally {
      progress('taking the draft back');
      await applyManifests(session, running.applied);
    }
  });

function tried(
  on: TryAnswer['on'],
  proof: Proof,
  { before, after }: Pick<Trial, 'before' | 'after'>,
): TryAnswer {
  const engine = (world: World) => createEngine(world, { staged: 'as-written' });
  const changes =
    before === undefined
      ? []
      : diff({ world: before, engine: engine(before) }, { world: after, engine: proof.engine });
  return { on, changes, findings: lint(after), ...countsOf(proof), ...matricesOf(proof) };
}

const draftOrSources = (): Failure =>
  new Failure('bad-request', 'a draft or sources are tried, not both', 'leave one of them out');

const onlyBeside = (): Failure =>
  new Failure(
    'bad-request',
    'the lab keeps its own objects, so sources cannot replace them in it',
    'try them in a scratch network, or send a draft',
  );

const otherStage = ({ id }: Lab<string>, stage: string): Failure =>
  new Failure(
    'other-stage',
    `lab ${id} shows another stage than ${stage}`,
    `enter it first: lab stage ${stage}`,
  );

/** Keeps what a learner wrote as a file of the folder in which the server was started. */
export const keepValues: Pick<ValueHandlers, 'POST api/keep'> = {
  'POST api/keep': {
    read: object<KeepRequest>({
      name: fileName,
      text: text(MOST_TEXT),
      overwrite: optional(flag),
    }),
    answer: ({ ask, context }) => keep(context.folder, ask),
  },
};

/** Written beside and renamed: a link of that name is replaced, never followed. */
function keep(folder: string, { name, text: content, overwrite }: KeepRequest): KeepAnswer {
  const path = join(folder, name);
  const there = lstatSync(path, { throwIfNoEntry: false });
  if (there !== undefined && !overwrite) throw exists(path);
  if (there !== undefined && !there.isFile() && !there.isSymbolicLink()) throw noFile(path);
  const beside = `${path}.${process.pid}.tmp`;
  try {
    // Without `overwrite` the file itself must be new, also where two pages keep it at once.
    writeFileSync(overwrite ? beside : path, content, { flag: 'wx' });
    if (overwrite) renameSync(beside, path);
  } catch (error) {
    rmSync(beside, { force: true });
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw exists(path);
    throw new Failure(
      'unwritable',
      `cannot write ${path}: ${message}`,
      'start lab book in a folder of your own',
    );
  }
  return { path, bytes: Buffer.byteLength(content), overwritten: there !== undefined };
}

const exists = (path: string): Failure =>
  new Failure('exists', `${path} is there already`, 'choose another name, or overwrite it');

const noFile = (path: string): Failure =>
  new Failure('unwritable', `${path} is not a file`, 'choose another name');
