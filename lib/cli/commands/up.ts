import type { Command } from 'commander';
import { formatInvocation, toInvocation } from '../../dataplane/commands/render';
import { planWorld } from '../../dataplane/plan';
import type { Lab, LabTarget } from '../../lab/format';
import { Failure } from '../../model/problem';
import { drawnStart } from '../../session/drawn';
import { datapathAt, stageWorld } from '../../session/lab-world';
import type { EksOptions } from '../../session/remote/start';
import { EXIT, type ExitCode } from '../common/exit';
import { printLesson, printTask } from '../common/next';
import {
  hours as hoursOf,
  jsonOption,
  regionOption,
  seed as seedOf,
  sizeOption,
  targetOption,
} from '../common/options';
import { startHere } from '../common/start-here';
import type { Terminal } from '../common/terminal';

/** Options of `lab up`; those below `json` are for EKS. */
interface UpOptions {
  readonly target: string;
  readonly expires: number;
  readonly json?: true;
  readonly dryRun?: true;
  readonly seed?: number;
  readonly size: string;
  readonly region: string;
  readonly owner?: string;
  readonly as?: string;
  readonly allowedCidrs?: string;
  readonly publicApi?: true;
  readonly admin?: string;
  readonly zones?: string;
  readonly yes?: true;
}

/** `lab up <id>`: brings a lab's environment up at its first stage and prints the first task. */
export function register(
  program: Command,
  terminal: Terminal,
  ended: (code: ExitCode) => void,
): void {
  const command = jsonOption(program.command('up <id>'));
  regionOption(command, 'EKS: AWS region')
    .description('brings the environment up at its first stage, prints the next task')
    .addOption(targetOption())
    .option('--expires <hours>', 'hours after which it ends by itself', hoursOf('bad-expiry'), 8)
    .option('--seed <number>', 'random seed for labs with a random fault', seedOf)
    .option('--dry-run', 'prints the commands that would build it, as a shell takes them')
    .addOption(sizeOption('EKS: how large the lab is'))
    .option('--owner <name>', 'EKS: value of the owner tag (default: your user name)')
    .option(
      '--as <name>',
      'EKS: a name for your copy, where others run the same lab in the account',
    )
    .option('--allowed-cidrs <cidrs>', 'EKS: who may reach the API server, as 203.0.113.7/32')
    .option('--public-api', 'EKS: the API server answers every address')
    .option(
      '--admin <arns>',
      'EKS: IAM roles and users that administer the cluster; yours by default',
    )
    .option('--zones <names>', 'EKS: availability zones (default: chosen from those of the region)')
    .option('--yes', 'EKS: do not ask whether the cost is agreed to')
    .action(async (id: string, options: UpOptions) => ended(await up(terminal, id, options)));
}

async function up(terminal: Terminal, id: string, options: UpOptions): Promise<ExitCode> {
  const drawn = drawnStart(id, options.seed);
  const { lab } = drawn;
  const target = targetOf(lab, options.target);
  const hours = options.expires;
  if (options.as !== undefined && target !== 'eks') throw noNames(target);
  if (target !== 'local') return startThere(terminal, { lab, target, hours }, options);
  if (options.dryRun) return showPlan(terminal, lab);
  const progress = await startHere(terminal, drawn, hours);
  if (!options.json) printLesson(terminal, lab);
  printTask(terminal, { lab, progress, json: options.json });
  return EXIT.right;
}

/** What to bring up on a target other than this machine. */
type RemoteLabStart = Pick<import('../common/remote-up').RemoteUp, 'lab' | 'target' | 'hours'>;

function startThere(
  terminal: Terminal,
  start: RemoteLabStart,
  { json, yes, ...options }: UpOptions,
): Promise<ExitCode> {
  const eks: EksOptions = options;
  return remoteUp(terminal, { ...start, eks, json, yes });
}

/** On this machine only one copy of a lab runs. */
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
const remoteUp: typeof import('../common/remote-up')['remoteUp'] = (...args) =>
  (require('../common/remote-up') as typeof import('../common/remote-up')).remoteUp(...args);

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
