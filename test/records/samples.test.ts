import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FlowEnd, formatEnd } from '../../lib/model/flow';
import { InputProblems } from '../../lib/model/problem';
import type { World } from '../../lib/model/world';
import { workloadId } from '../../lib/recommend/workloads';
import { readRecordFiles } from '../../lib/records/open/files';
import { createRecordsReader, fileProblems } from '../../lib/records/open/read';
import { recordedWorld } from '../../lib/records/recorded-world';
import { FELIX, GOLDMANE, WHISKER, WHISKER_LINES } from './samples/calico';
import { CONNTRACK, TRANSIT_GATEWAY, VPC_DELIVERED } from './samples/delivered';
import { ANSWERS, FOREIGN, HUBBLE } from './samples/others';
import { type Sample, shopWith } from './samples/shop';
import { VPC_CALLER, VPC_CUSTOM, VPC_LINES, VPC_WHO } from './samples/vpc';

/** Every form of records that is read, or refused by its name. */
const FORMS: Readonly<Record<string, readonly Sample[]>> = {
  'VPC v2 default, lines': VPC_LINES,
  'VPC custom v3 to v10': VPC_CUSTOM,
  'VPC: which side called': VPC_CALLER,
  'VPC: who it was': VPC_WHO,
  'VPC as AWS delivers it': VPC_DELIVERED,
  'transit gateway': TRANSIT_GATEWAY,
  'connection lists': CONNTRACK,
  'Calico, Whisker’s fields': WHISKER_LINES,
  'Whisker’s answers': WHISKER,
  Goldmane: GOLDMANE,
  'Calico Enterprise and Felix': FELIX,
  'Cilium Hubble': HUBBLE,
  'own answers': ANSWERS,
  'not flow logs': FOREIGN,
};

/** What became of a sample; `wrong` gives a call that is none, `silent` hides something without a word. */
type Judgement = 'right' | 'wrong' | 'silent' | 'refused unclear';

interface Outcome {
  readonly calls: readonly string[];
  readonly says: readonly string[];
  readonly refused: string | undefined;
}

const folder = mkdtempSync(join(tmpdir(), 'samples-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function outcomeOf({ content, more, logFormat }: Sample): Promise<Outcome> {
  const world = shopWith(more);
  const path = join(folder, 'records');
  writeFileSync(path, content);
  const reader = createRecordsReader(world, { logFormat });
  try {
    await readRecordFiles([{ path }], reader);
  } catch (cause) {
    if (!(cause instanceof InputProblems)) throw cause;
    return { calls: [], says: [], refused: cause.problems.map(({ problem }) => problem).join() };
  }
  const { records, notes, files } = reader.result();
  const [problem] = fileProblems(files);
  const nameOf = createNames(recordedWorld(world));
  const calls = records.map(({ flow: { from, to, protocol, port }, action }) => {
    const kind = protocol === 'TCP' ? '' : `/${protocol}`;
    return `${action === 'deny' ? 'deny ' : ''}${nameOf(from)} -> ${nameOf(to)} ${port}${kind}`;
  });
  const skipped = files.some((file) => file.skipped > 0) ? ['skipped'] : [];
  // Said of every VPC flow log, whatever it holds.
  const kinds = notes.map(({ kind }) => kind).filter((kind) => kind !== 'same-node');
  return {
    calls: [...new Set(calls)].sort(),
    says: [...kinds, ...skipped].sort(),
    refused: problem?.problem,
  };
}

/** Pods by the last word of their workload, `coredns` as `dns`. */
function createNames(world: World): (end: FlowEnd) => string {
  const names = new Map(
    world.pods.map((pod) => [`${pod.namespace}/${pod.name}`, workloadId(pod).split('/').at(-1)]),
  );
  return (end) => {
    const text = formatEnd(end).replace(/^ip:/, '');
    return (names.get(text) ?? text).replace('coredns', 'dns');
  };
}

function judge({ calls = [], says = [], refused }: Sample, found: Outcome): Judgement {
  if (refused !== undefined || found.refused !== undefined) {
    const isClear = refused !== undefined && found.refused?.includes(refused) === true;
    return isClear ? 'right' : 'refused unclear';
  }
  if (found.calls.some((call) => !calls.includes(call))) return 'wrong';
  const isWhole = calls.every((call) => found.calls.includes(call));
  const isSaid = says.every((kind) => found.says.includes(kind));
  return isWhole && isSaid ? 'right' : 'silent';
}

const SAMPLES = Object.entries(FORMS).flatMap(([form, samples]) =>
  samples.map((sample) => ({ form, name: sample.name, sample })),
);

test.each(SAMPLES)('$form: $name', async ({ sample }) => {
  const { calls = [], says = [], refused } = sample;
  const found = await outcomeOf(sample);
  if (refused !== undefined) {
    expect(found.refused).toContain(refused);
    return;
  }
  expect(found).toEqual({ calls: [...calls].sort(), says: [...says].sort(), refused: undefined });
});

test('the table: every sample is right', async () => {
  const table = new Map<Judgement, number>();
  for (const { sample } of SAMPLES) {
    const judgement = judge(sample, await outcomeOf(sample));
    table.set(judgement, (table.get(judgement) ?? 0) + 1);
  }
  expect(Object.fromEntries(table)).toEqual({ right: SAMPLES.length });
});

test('the judge tells wrong, silent and unclear apart', () => {
  const sample: Sample = { name: '', content: '', calls: ['web -> api 8080'], says: ['no-ports'] };
  const found = { calls: ['web -> api 8080'], says: ['no-ports'], refused: undefined };
  expect([
    judge(sample, found),
    judge(sample, { ...found, calls: ['web -> api 8080', 'api -> web 41234'] }),
    judge(sample, { ...found, says: [] }),
    judge(sample, { ...found, calls: [] }),
    judge(sample, { ...found, refused: '17 fields where there are 14' }),
    judge({ ...sample, refused: 'this is a capture' }, found),
  ]).toEqual(['right', 'wrong', 'silent', 'silent', 'refused unclear', 'refused unclear']);
});
