import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { drawn } from './draw';
import { instrumented, type Mutant } from './instrument';
import { sitesOf } from './sites';

/**
 * Changes the code in one place at a time, and runs the tests that reach that place: a mutant that
 * no test fails for is printed. `npm run test:mutants -- --count 200 --seed 7 [--packets] [--only 3,17]`.
 */
const ROOMS = ['lib/read', 'lib/reach', 'lib/account', 'lib/dataplane'];
const root = resolve(__dirname, '../..');
const options = parseArgs({
  options: {
    count: { type: 'string', default: '50' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    /** Tests of packets too: they need a Linux kernel, and minutes. */
    packets: { type: 'boolean', default: false },
    /** Numbers of the sample to look at again, as `3,17`. */
    only: { type: 'string' },
  },
}).values;
const [count, seed] = [Number(options.count), Number(options.seed)];

const tracked = git('ls-files', '--cached', '--others', '--exclude-standard');
const sources = tracked.filter(
  (file) => file.endsWith('.ts') && ROOMS.some((room) => file.startsWith(`${room}/`)),
);
const all = sources.flatMap((file) =>
  sitesOf(readFileSync(join(root, file), 'utf8')).map((site) => ({ ...site, file })),
);
const wanted = options.only?.split(',').map(Number);
const mutants = drawn(all, count, seed)
  .map((site, i): Mutant => ({ ...site, id: i + 1 }))
  .filter(({ id }) => wanted === undefined || wanted.includes(id));
console.log(`seed ${seed}: ${mutants.length} of ${all.length} places in ${ROOMS.join(', ')}`);

const copy = mkdtempSync(join(tmpdir(), 'mutants-'));
process.on('exit', () => rmSync(copy, { recursive: true, force: true }));
copyProject();

/** Test files that reach each mutant, with the seconds that the file took, the quickest first. */
const reaching = firstRun();
const results = mutants.map((mutant) => {
  const files = reaching.get(mutant.id) ?? [];
  const result = judge(mutant, files);
  console.log(`${mutant.id}/${count} ${result}: ${saying(mutant)} (${files.length} files)`);
  return { mutant, result };
});
report();

function git(...args: readonly string[]): readonly string[] {
  const { stdout } = spawnSync('git', args, { cwd: root, encoding: 'utf8' });
  return stdout.split('\n').filter((line) => line !== '');
}

function copyProject(): void {
  for (const file of tracked) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    cpSync(join(root, file), join(copy, file));
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  for (const file of new Set(mutants.map((mutant) => mutant.file))) {
    const own = mutants.filter((mutant) => mutant.file === file);
    writeFileSync(join(copy, file), instrumented(readFileSync(join(root, file), 'utf8'), own));
  }
  const config = `const base = require('./jest.config.js');
module.exports = { ...base, setupFilesAfterEnv: ['<rootDir>/test/mutants/switch.js'], reporters: ['default'] };`;
  writeFileSync(join(copy, 'jest.mutants.js'), config);
}

interface Run {
  readonly passed: boolean;
  readonly timedOut: boolean;
  readonly output: string;
}

function jest(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  seconds: number,
): Run {
  const ignored = options.packets
    ? []
    : ['--testPathIgnorePatterns', '/test/packets/', '/node_modules/'];
  const { status, stderr, stdout, error } = spawnSync(
    process.execPath,
    [join(root, 'node_modules/jest/bin/jest.js'), '-c', 'jest.mutants.js', ...args, ...ignored],
    {
      cwd: copy,
      encoding: 'utf8',
      timeout: seconds * 1000,
      killSignal: 'SIGKILL',
      env: { ...process.env, ...env },
      maxBuffer: 1 << 28,
    },
  );
  return { passed: status === 0, timedOut: error !== undefined, output: stdout + stderr };
}

function firstRun(): ReadonlyMap<number, readonly string[]> {
  const [hits, json] = [join(copy, 'hits.jsonl'), join(copy, 'first.json')];
  writeFileSync(hits, '');
  const related = [...new Set(mutants.map(({ file }) => join(copy, file)))];
  const args = ['--findRelatedTests', ...related, '--json', `--outputFile=${json}`];
  const first = jest(args, { LAB_MUTANT_HITS: hits }, 3600);
  if (!existsSync(json)) throw new Error(first.output);
  const { testResults } = JSON.parse(readFileSync(json, 'utf8')) as FirstResults;
  const failed = testResults.filter(({ status }) => status === 'failed').map(({ name }) => name);
  if (failed.length > 0)
    console.log(`fail without a mutant, and are left out: ${failed.join(', ')}`);
  const seconds = new Map(testResults.map((t) => [t.name, t.endTime - t.startTime]));
  const reached = new Map<number, string[]>();
  for (const line of readFileSync(hits, 'utf8').split('\n').filter(Boolean)) {
    const { id, file } = JSON.parse(line) as { readonly id: number; readonly file: string };
    if (!failed.includes(file)) reached.set(id, [...(reached.get(id) ?? []), file]);
  }
  const quickest = (a: string, b: string) => (seconds.get(a) ?? 0) - (seconds.get(b) ?? 0);
  return new Map([...reached].map(([id, files]) => [id, files.toSorted(quickest)]));
}

interface FirstResults {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly startTime: number;
    readonly endTime: number;
  }[];
}

type Result = 'killed' | 'killed by a time-out' | 'survived' | 'reached by no test';

/** The tests of its own room first, a few at a time, until one fails. */
function judge({ id, file }: Mutant, files: readonly string[]): Result {
  if (files.length === 0) return 'reached by no test';
  const home = join(copy, dirname(file).replace(/^lib/, 'test').split('/').slice(0, 2).join('/'));
  const near = files.filter((test) => test.startsWith(home));
  const far = files.filter((test) => !test.startsWith(home));
  const chunks = [near.slice(0, 4), near.slice(4), far.slice(0, 4), far.slice(4)];
  for (const chunk of chunks.filter(({ length }) => length > 0)) {
    const args = ['--bail', '--runInBand', '--runTestsByPath', ...chunk];
    const run = jest(args, { LAB_MUTANT: String(id) }, 300);
    if (run.timedOut) return 'killed by a time-out';
    if (!run.passed) return 'killed';
  }
  return 'survived';
}

function saying({ file, line, before, after }: Mutant): string {
  const short = (text: string) => text.replaceAll(/\s+/g, ' ').slice(0, 90);
  return `${relative(root, join(root, file))}:${line} ${short(before)} -> ${short(after)}`;
}

function report(): void {
  const killed = results.filter(({ result }) => result.startsWith('killed'));
  const others = results.filter(({ result }) => !result.startsWith('killed'));
  console.log(`\nseed ${seed}: ${killed.length} of ${results.length} killed`);
  for (const { mutant, result } of others) console.log(`${result}: ${saying(mutant)}`);
}
