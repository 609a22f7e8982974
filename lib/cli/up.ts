import type { Command } from 'commander';
import { planWorld } from '../dataplane/plan';
import { formatInvocation, toInvocation } from '../dataplane/render';
import { drawFault } from '../lab/fault';
import type { Lab, LabTarget } from '../lab/format';
import { Failure } from '../model/problem';
import { openSandbox, type Sandbox } from '../runtime/sandbox';
import { findLab } from './catalogue';
import { seedFor } from './drawn';
import { EXIT, type ExitCode } from './exit';
import { datapathAt, stageWorld } from './lab-world';
import { record } from './learner';
import { bringUp } from './local';
import { bringUpMachines } from './machines/bring-up';
import { lackingFor } from './needs';
import { printTask } from './next';
import { noteOf, prepareSockets, runningLabs, socketOf } from './running';
import type { Terminal } from './terminal';

/** Options of `lab up`; those below `json` are for EKS. */
export interface UpOptions {
  readonly target: string;
  readonly expires: string;
  readonly json?: true;
  readonly dryRun?: true;
  readonly seed?: string;
  readonly size: string;
  readonly region: string;
  readonly owner?: string;
  readonly as?: string;
  readonly allowedCidrs?: string;
  readonly yes?: true;
}

/** `lab up <id>`: brings a lab's environment up at its first stage and prints the first task. */
export function register(
  program: Command,
  terminal: Terminal,
  ended: (code: ExitCode) => void,
): void {
  program
    .command('up <id>')
    .description('brings the environment up at its first stage, prints the next task')
    .option('--target <target>', 'local, kind or eks', 'local')
    .option('--expires <hours>', 'when it ends by itself', '8')
    .option('--seed <number>', 'which fault a lab that draws one begins with')
    .option('--dry-run', 'prints the commands that would build it, as a shell takes them')
    .option('--json', 'print the value instead of the text')
    .option('--size <size>', 'EKS: small or production', 'small')
    .option('--region <region>', 'EKS: where', process.env.AWS_REGION ?? 'us-east-1')
    .option('--owner <name>', 'EKS: who it is tagged with; your user name otherwise')
    .option('--as <name>', 'EKS: a name for yours, where others run the same lab in the account')
    .option('--allowed-cidrs <cidrs>', 'EKS: who may reach the API server, as 203.0.113.7/32')
    .option('--yes', 'EKS: do not ask after the price was shown')
    .action(async (id: string, options: UpOptions) => ended(await up(terminal, id, options)));
}

async function up(terminal: Terminal, id: string, options: UpOptions): Promise<ExitCode> {
  const found = findLab(id);
  const seed = options.seed === undefined ? seedFor(found) : seedOf(options.seed);
  const lab = drawFault(found, seed ?? 0);
  const target = targetOf(lab, options.target);
  const hours = hoursOf(options.expires);
  if (options.as !== undefined && target !== 'eks') throw noNames(target);
  if (target !== 'local') return remoteUp(terminal, { lab, target, hours, options });
  if (options.dryRun) return showPlan(terminal, lab);
  const lacking = lackingFor(lab);
  if (lacking !== undefined) throw lacking;
  await refuseSecond(id);
  const started = performance.now();
  await startLocal(lab, Date.now() + hours * 3_600_000);
  const progress = record(id, {
    kind: 'begun',
    ...(lab.start ? { stage: lab.start } : {}),
    ...(seed === undefined ? {} : { seed }),
  });
  terminal.err(`${lab.title}: up in ${((performance.now() - started) / 1000).toFixed(1)} s`);
  printTask(terminal, { lab, progress, json: options.json });
  return EXIT.right;
}

/** On this machine a lab is alone anyway. */
const noNames = (target: LabTarget): Failure =>
  new Failure(
    'no-names',
    `--as names labs in an AWS account, not on '${target}'`,
    'leave --as out',
  );

/** What would be done, and nothing is: the plan that the runtime carries out over netlink. */
function showPlan(terminal: Terminal, lab: Lab<string>): ExitCode {
  const world = stageWorld(lab, lab.start ?? '');
  const plan = planWorld(world, { datapath: datapathAt(lab, lab.start ?? '') });
  terminal.out(plan.map(toInvocation).map(formatInvocation).join('\n'));
  terminal.err(`\n${plan.length} commands, none was run. Next: lab up ${lab.id}`);
  return EXIT.right;
}

/** The clients of AWS and Kubernetes are loaded by labs that need them. */
const remoteUp: typeof import('./remote/up')['remoteUp'] = (...args) =>
  (require('./remote/up') as typeof import('./remote/up')).remoteUp(...args);

/** Until the sandbox is kept it dies with this process, so a kill at any moment leaves nothing. */
async function startLocal(lab: Lab<string>, expiresAt: number): Promise<void> {
  prepareSockets();
  const opening = openSandbox({ mode: 'background', socket: socketOf(lab.id), expiresAt });
  // The world is read while the sandbox opens.
  const bring = lab.environment.kind === 'linux' ? machinesOf(lab) : clusterIn(lab);
  const sandbox = await opening;
  const interrupt = (): void => void sandbox.end().finally(() => process.exit(EXIT.interrupted));
  process.once('SIGINT', interrupt);
  try {
    await bring(sandbox);
    const startedAt = new Date().toISOString();
    const stage = lab.start ?? '';
    await sandbox.note(noteOf({ lab: lab.id, stage, startedAt, applied: [] }));
    await sandbox.keep();
  } catch (error) {
    await sandbox.end();
    throw error;
  }
  process.off('SIGINT', interrupt);
  await sandbox.close();
}

type Bring = (sandbox: Sandbox) => Promise<unknown>;

const machinesOf =
  (lab: Lab<string>): Bring =>
  (sandbox) =>
    bringUpMachines(lab, sandbox);

function clusterIn(lab: Lab<string>): Bring {
  const stage = lab.start ?? '';
  const world = stageWorld(lab, stage);
  return (sandbox) => bringUp(sandbox, world, { datapath: datapathAt(lab, stage) });
}

/** @throws Failure `bad-seed` where it is no whole number. */
function seedOf(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new Failure('bad-seed', `'${text}' is no seed`, 'use a whole number, such as 7');
}

async function refuseSecond(id: string): Promise<void> {
  const all = await runningLabs();
  if (!all.some(({ lab }) => lab === id)) return;
  throw new Failure('already-up', `lab ${id} is already up`, `lab check, or lab down ${id}`);
}

function targetOf(lab: Lab<string>, wanted: string): LabTarget {
  const target = (['local', 'kind', 'eks'] as const).find((name) => name === wanted);
  if (target !== undefined && lab.targets.includes(target)) return target;
  const why = lab.localLimits === undefined ? '' : ` (${lab.localLimits})`;
  throw new Failure(
    'wrong-target',
    `lab ${lab.id} does not run on '${wanted}'${wanted === 'local' ? why : ''}`,
    `lab up ${lab.id} --target ${lab.targets.join(' or ')}`,
  );
}

function hoursOf(text: string): number {
  const hours = Number(text);
  if (hours > 0 && hours <= 168) return hours;
  throw new Failure('bad-expiry', `'${text}' is no number of hours`, 'use 0.1 to 168, such as 8');
}
