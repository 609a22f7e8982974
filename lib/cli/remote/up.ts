import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { openAws } from '../../account/aws';
import { costText } from '../../account/cost-text';
import { deployAssembly } from '../../account/deploy';
import { deployText } from '../../account/deploy-events';
import { LONGEST_HOURS } from '../../account/life';
import { preflightText } from '../../account/life-text';
import { mayDeploy, preflight } from '../../account/preflight';
import { kindUp } from '../../cluster/kind';
import { runProgram } from '../../cluster/run';
import type { Lab, LabTarget } from '../../lab/format';
import { systemClock } from '../../model/clock';
import { Failure } from '../../model/problem';
import { awsFailure } from '../aws-failure';
import { costOfLab, templatesAsData } from '../cost';
import { EXIT, type ExitCode } from '../exit';
import { record } from '../learner';
import { printTask } from '../next';
import { synthesizeInto, synthesizeTemplates } from '../synthesize';
import type { Terminal } from '../terminal';
import type { UpOptions } from '../up';
import { type RemoteLab, rememberRemote } from './known';
import { clusterOfRemote, moveRemote } from './session';

/** What `lab up` was asked for on a target other than this machine. */
export interface RemoteUp {
  readonly lab: Lab<string>;
  readonly target: Exclude<LabTarget, 'local'>;
  readonly hours: number;
  readonly options: UpOptions;
}

/** Brings a lab up in kind or on EKS at its first stage, and prints the first task. */
export async function remoteUp(terminal: Terminal, asked: RemoteUp): Promise<ExitCode> {
  const { lab, target, options } = asked;
  const remote: RemoteLab = {
    ...{ lab: lab.id, target, stage: '' },
    ...(options.as === undefined ? {} : { as: options.as }),
    region: target === 'eks' ? options.region : '',
  };
  const ready =
    target === 'kind' ? await startKind(terminal, lab) : await startEks(terminal, asked);
  if (!ready) return EXIT.differs;
  rememberRemote(remote);
  const stage = lab.start ?? '';
  if (lab.environment.kind === 'cluster' && (target === 'kind' || hasCluster(lab))) {
    terminal.err(`applying stage ${stage}`);
    await moveRemote(await clusterOfRemote(remote), { lab, remote, stage });
  }
  const progress = record(lab.id, { kind: 'begun', stage });
  printTask(terminal, { lab, progress, json: options.json });
  return EXIT.right;
}

/** A lab whose lesson is the VPC has no cluster on EKS. */
const hasCluster = (lab: Lab<string>): boolean =>
  synthesizeTemplates(lab.id).some(({ text }) => text.includes('"AWS::EKS::Cluster"'));

/** The Calico release that kind runs: the one the default Kubernetes version has on EKS. */
const CALICO = 'v3.31.7';

async function startKind(terminal: Terminal, lab: Lab<string>): Promise<boolean> {
  await kindUp({
    ...{ lab: lab.id, workers: 2, calico: CALICO, run: runProgram, clock: systemClock },
    onEvent: (text) => terminal.err(text),
  });
  return true;
}

/** Shows what it costs and what stands against it, asks, and deploys. */
async function startEks(terminal: Terminal, asked: RemoteUp): Promise<boolean> {
  const { lab, hours, options } = asked;
  const context = contextOf(asked);
  if (!Number.isInteger(hours) || hours > LONGEST_HOURS) throw tooLong(hours);
  if (options.allowedCidrs === undefined && hasCluster(lab)) throw unreachable(lab);
  terminal.err(`reading the stacks of ${lab.id}`);
  const outdir = mkdtempSync(join(tmpdir(), 'eks-network-labs-'));
  const aws = openAws({ region: options.region });
  try {
    const templates = templatesAsData(synthesizeInto(outdir, lab.id, context));
    terminal.err(costText(costOfLab(lab.id, options.size, String(hours))).join('\n'));
    const day = new Date().toISOString().slice(0, 10);
    const wanted = { lab: lab.id, as: options.as ?? '', owner: context.owner };
    const found = await preflight(aws, { wanted, templates, day });
    terminal.err(['', ...preflightText(found)].join('\n'));
    if (!mayDeploy(found)) {
      throw new Failure('preflight', 'something stands against deploying', 'see the fixes above');
    }
    if (!(await agreed(terminal, options))) {
      terminal.err(`nothing was deployed\n\nNext: lab up ${lab.id}, which costs nothing here`);
      return false;
    }
    const onEvent = (event: Parameters<typeof deployText>[0]): void =>
      terminal.err(deployText(event));
    await deployAssembly(outdir, { region: options.region, onEvent });
    return true;
  } catch (error) {
    throw awsFailure(error);
  } finally {
    aws.close();
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** Nobody outside reaches a private API server: neither kubectl nor the checks of this tool. */
const unreachable = ({ id }: Lab<string>): Failure =>
  new Failure(
    'no-address',
    'nobody was named who may reach the cluster, so nothing could be applied or checked from here',
    `lab up ${id} --target eks --allowed-cidrs "$(curl -s https://checkip.amazonaws.com)/32"`,
  );

/** What ends it is in the account, and takes whole hours. */
const tooLong = (hours: number): Failure =>
  new Failure(
    'bad-expiry',
    `on EKS a lab ends by itself after 1 to ${LONGEST_HOURS} whole hours, not ${hours}`,
    'lab extend <hours> adds more while you need it',
  );

const contextOf = ({ hours, options }: RemoteUp) => ({
  size: options.size,
  ttl: `${hours}h`,
  owner: options.owner ?? userInfo().username,
  ...(options.as === undefined ? {} : { as: options.as }),
  ...(options.allowedCidrs === undefined ? {} : { allowedCidrs: options.allowedCidrs }),
});

async function agreed(terminal: Terminal, { yes }: UpOptions): Promise<boolean> {
  if (yes) return true;
  if (!terminal.interactive) {
    throw new Failure('not-asked', 'nobody is there to agree to the cost', 'say it with --yes');
  }
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await prompt.question('\ndeploy this? [y/N] ');
  prompt.close();
  return /^y(es)?$/i.test(answer.trim());
}
