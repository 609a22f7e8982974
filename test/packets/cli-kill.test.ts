import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { synthesizeStage } from '../../charts';
import { describePackets } from './kernel';
import { links, marked, remains, sleep } from './remains';

const LAB = 'k8s-5-network-policy';
const CLI = join(__dirname, '../../bin/lab');

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

/** Everything that is left of a learner, but the progress that is kept on purpose. */
async function leftOf({ mark, folder }: Learner) {
  const processes = await remains(mark);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return {
    processes,
    files: files.filter(
      (name) => !/^(eks-network-labs(\/progress\.json)?|.*\.(yaml|jsonl))$/.test(name),
    ),
    links: links(),
  };
}

const manifests = synthesizeStage(LAB, 'app');
const flows = ['frontend-0', 'db-0', 'backend-0'].map((from) =>
  JSON.stringify({ from: `shop/${from}`, to: 'shop/backend-1', protocol: 'TCP', port: 8080 }),
);

function probeArgs({ folder }: Learner): readonly string[] {
  writeFileSync(join(folder, 'app.yaml'), manifests);
  writeFileSync(join(folder, 'flows.jsonl'), flows.join('\n'));
  return ['probe', '--manifests', 'app.yaml', '--flows', 'flows.jsonl'];
}

describePackets('the command line, killed by -9 at a random moment', () => {
  const nothing = { processes: [], files: [], links: links() };
  const MOMENTS = 20;
  const COMMANDS = ['up', 'stage', 'probe'] as const;
  /** About how long each takes; the moments cover all of it and a bit more. */
  const SPAN_MS = { up: 900, stage: 1000, probe: 1200 };

  const cases = Array.from({ length: MOMENTS }, (_, i) => {
    const command = COMMANDS[i % COMMANDS.length] ?? 'up';
    return { command, ms: Math.round(Math.random() * SPAN_MS[command]) };
  });

  test.each(cases)('lab $command after $ms ms leaves nothing', async ({ command, ms }) => {
    const learner = newLearner();
    if (command === 'stage') expect(run(learner, ['up', LAB]).status).toBe(0);
    const args = { up: ['up', LAB], stage: ['stage', 'app'], probe: probeArgs(learner) }[command];
    const child = start(learner, args);
    const gone = new Promise((resolve) => child.once('exit', resolve));
    await sleep(ms);
    child.kill('SIGKILL');
    await gone;
    // A lab that was up before, or that came up in time, is up: it goes when it is told to.
    await sleep(50);
    const { status } = run(learner, ['down', '--all']);
    expect(status).toBe(0);
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
