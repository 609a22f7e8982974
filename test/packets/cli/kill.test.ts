import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { synthesizeStage } from '../../../charts';
import { attachSandbox } from '../../../lib/runtime/sandbox/sandbox';
import { describePackets } from '../kernel';
import { links, marked, remains, sleep } from '../remains';

const LAB = 'k8s-5-network-policy';
const CLI = join(__dirname, '../../../bin/lab');

/** A learner of their own: a state folder, and a mark that every process of theirs inherits. */
interface Learner {
  readonly folder: string;
  readonly mark: string;
  readonly env: NodeJS.ProcessEnv;
}

function newLearner(): Learner {
  const folder = mkdtempSync(join(tmpdir(), 'lab-cli-'));
  const value = randomUUID();
  const { NODE_OPTIONS: _, ...env } = process.env;
  return {
    folder,
    mark: `LAB_TEST_MARK=${value}`,
    env: { ...env, XDG_STATE_HOME: folder, LAB_TEST_MARK: value },
  };
}

const start = ({ env, folder }: Learner, args: readonly string[]): ChildProcess =>
  spawn(process.execPath, [CLI, ...args], { env, cwd: folder, stdio: 'ignore', detached: true });

const run = ({ env, folder }: Learner, args: readonly string[]) =>
  spawnSync(process.execPath, [CLI, ...args], { env, cwd: folder, encoding: 'utf8' });

/** Starts a command and kills it after so many milliseconds, with no chance to clean up. */
async function killedAfter(learner: Learner, args: readonly string[], ms: number): Promise<void> {
  const child = start(learner, args);
  const gone = new Promise((resolve) => child.once('exit', resolve));
  await sleep(ms);
  child.kill('SIGKILL');
  await gone;
  await sleep(50);
}

/** Ends the lab where it is up: a lab that came up in time, or was up before, goes when told to. */
async function endLab({ folder }: Learner): Promise<void> {
  const socket = join(folder, 'eks-network-labs', `${LAB}.sock`);
  if (existsSync(socket)) await (await attachSandbox(socket)).end();
}

/** Everything that is left of a learner, but the progress that is kept on purpose. */
async function leftOf({ mark, folder }: Learner) {
  const processes = await remains(mark);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const kept = /^(eks-network-labs(\/progress\.json)?|.*\.(yaml|jsonl))$/;
  return { processes, files: files.filter((name) => !kept.test(name)), links: links() };
}

const flows = ['frontend-0', 'db-0', 'backend-0'].map((from) =>
  JSON.stringify({ from: `shop/${from}`, to: 'shop/backend-1', protocol: 'TCP', port: 8080 }),
);

function probeArgs({ folder }: Learner): readonly string[] {
  writeFileSync(join(folder, 'app.yaml'), synthesizeStage(LAB, 'app'));
  writeFileSync(join(folder, 'flows.jsonl'), flows.join('\n'));
  return ['probe', '--manifests', 'app.yaml', '--flows', 'flows.jsonl'];
}

/** Random moments over about the time that a command takes, and a bit more. */
const moments = (count: number, spanMs: number): readonly number[] =>
  Array.from({ length: count }, (_, i) => Math.round(((i + Math.random()) / count) * spanMs));

describePackets('the command line, killed by -9 at twenty random moments', () => {
  const nothing = { processes: [], files: [], links: links() };

  test.each(moments(7, 900))('lab up after %i ms leaves nothing', async (ms) => {
    const learner = newLearner();
    await killedAfter(learner, ['up', LAB], ms);
    await endLab(learner);
    expect(run(learner, ['reset', LAB])).toMatchObject({ status: 0 });
    expect(await leftOf(learner)).toEqual(nothing);
    rmSync(learner.folder, { recursive: true });
  });

  test.each(moments(7, 1200))('lab probe after %i ms leaves nothing', async (ms) => {
    const learner = newLearner();
    await killedAfter(learner, probeArgs(learner), ms);
    expect(await leftOf(learner)).toEqual(nothing);
    rmSync(learner.folder, { recursive: true });
  });

  test('lab stage, six times over, leaves the lab usable and then nothing', async () => {
    const learner = newLearner();
    expect(run(learner, ['up', LAB]).status).toBe(0);
    for (const [i, ms] of moments(6, 1000).entries()) {
      await killedAfter(learner, ['stage', i % 2 === 0 ? 'app' : 'open'], ms);
    }
    const after = run(learner, ['stage', 'app']);
    await endLab(learner);
    expect(after).toMatchObject({ status: 0, stderr: '' });
    expect(await leftOf(learner)).toEqual(nothing);
    rmSync(learner.folder, { recursive: true });
  });

  test('Ctrl-C ends a probe with exit code 130 and leaves nothing', async () => {
    const learner = newLearner();
    const child = start(learner, probeArgs(learner));
    const code = new Promise((resolve) => child.once('exit', resolve));
    while (!marked(learner.mark).some((line) => /holder/.test(line))) await sleep(5);
    process.kill(-(child.pid ?? 0), 'SIGINT');
    expect(await code).toBe(130);
    expect(await leftOf(learner)).toEqual(nothing);
    rmSync(learner.folder, { recursive: true });
  });
});
