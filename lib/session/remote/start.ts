import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { Aws } from '../../account/aws';
import type { Cost } from '../../account/cost/cost';
import { deployAssembly } from '../../account/deploy/deploy';
import type { DeployEvent } from '../../account/deploy/events';
import { LONGEST_HOURS } from '../../account/deploy/life';
import { mayDeploy, type Preflight, preflight } from '../../account/deploy/preflight';
import { callerPrincipal } from '../../account/deploy/principal';
import { chooseZones, regionZones } from '../../account/deploy/zones';
import { tryTo } from '../../account/finding';
import type { Lab } from '../../lab/format';
import { systemClock } from '../../model/clock';
import { Failure } from '../../model/problem';
import { kindUp } from '../../targets/cluster/kind';
import { runProgram } from '../../targets/cluster/run';
import { costOfLab, templatesAsData } from '../cost';
import { synthesizeInto, synthesizeTemplates } from '../synthesize';
import type { RemoteLab } from '../types';
import { withAws } from './account';
import { clusterOfRemote, expectEntry, moveRemote } from './cluster';
import { rememberRemote } from './known';

/** How a lab is brought up on EKS. */
export interface EksOptions {
  readonly region: string;
  /** `small` or `production`. */
  readonly size: string;
  /** Value of the owner tag. @default the user's name */
  readonly owner?: string | undefined;
  /** A name for this copy of the lab in the account. */
  readonly as?: string | undefined;
  /** Address blocks that may reach the API server, separated by commas. */
  readonly allowedCidrs?: string | undefined;
  /** The API server answers every address. */
  readonly publicApi?: boolean | undefined;
  /** IAM roles and users that administer the cluster. @default the caller's own */
  readonly admin?: string | undefined;
  /** Availability zones, separated by commas. @default chosen from those of the region */
  readonly zones?: string | undefined;
}

/** What happens while a lab is brought up in a cluster. */
export type StartEvent =
  | { readonly kind: 'progress'; readonly text: string }
  | { readonly kind: 'cost'; readonly cost: Cost }
  | { readonly kind: 'preflight'; readonly found: Preflight }
  | { readonly kind: 'deploy'; readonly event: DeployEvent };

/** A lab to bring up in kind, or on EKS for some hours. */
export interface RemoteStart {
  readonly lab: Lab<string>;
  readonly target: RemoteLab['target'];
  /** EKS: whole hours after which the account removes it, 1 to 72. */
  readonly hours: number;
  readonly eks: EksOptions;
  readonly onEvent: (event: StartEvent) => void;
  /** EKS: asks whether the cost, which was an event before, is agreed to. */
  readonly confirm: () => Promise<boolean>;
}

/** How long a new access entry may take until the API server knows it. */
const ADMISSION_MS = 120_000;

/**
 * Brings a lab up in kind or on EKS at its first stage. Answers `declined` where the cost was not
 * agreed to; nothing was deployed then.
 *
 * @throws Failure where preflight checks fail, or the cluster cannot be reached
 */
export async function startRemote(start: RemoteStart): Promise<'started' | 'declined'> {
  const { lab, target, eks, onEvent } = start;
  const remote: RemoteLab = {
    lab: lab.id,
    target,
    stage: '',
    ...(eks.as !== undefined && { as: eks.as }),
    region: target === 'eks' ? eks.region : '',
  };
  if (target === 'kind') await startKind(start);
  else if (!(await startEks(start))) return 'declined';
  rememberRemote(remote);
  if (lab.environment.kind !== 'cluster') return 'started';
  if (target === 'eks' && !hasCluster(lab)) return 'started';
  const stage = lab.start ?? '';
  onEvent({ kind: 'progress', text: `applying stage ${stage}` });
  const cluster = await clusterOfRemote(remote);
  await expectEntry(cluster, remote, ADMISSION_MS);
  await moveRemote(cluster, { lab, remote, stage });
  return 'started';
}

/** A lab whose lesson is the VPC has no cluster on EKS. */
const hasCluster = (lab: Lab<string>): boolean =>
  synthesizeTemplates(lab.id).some(({ text }) => text.includes('"AWS::EKS::Cluster"'));

/** The Calico release that kind runs: the one the default Kubernetes version has on EKS. */
const CALICO = 'v3.31.7';

async function startKind({ lab, onEvent }: RemoteStart): Promise<void> {
  await kindUp({
    lab: lab.id,
    workers: 2,
    calico: CALICO,
    run: runProgram,
    clock: systemClock,
    onEvent: (text) => onEvent({ kind: 'progress', text }),
  });
}

/** Tells the cost and what preflight found, asks, and deploys. */
async function startEks(start: RemoteStart): Promise<boolean> {
  const { lab, hours, eks, onEvent } = start;
  if (!Number.isInteger(hours) || hours > LONGEST_HOURS) throw tooLong(hours);
  const isOpen = eks.allowedCidrs !== undefined || eks.publicApi === true;
  if (!isOpen && hasCluster(lab)) throw unreachable(lab);
  onEvent({ kind: 'progress', text: `reading the stacks of ${lab.id}` });
  const outdir = mkdtempSync(join(tmpdir(), 'eks-network-labs-'));
  try {
    return await withAws(eks, (aws) => deployLab(aws, outdir, start));
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

async function deployLab(aws: Aws, outdir: string, start: RemoteStart): Promise<boolean> {
  const { lab, hours, eks, onEvent, confirm } = start;
  const context = { ...contextOf(start), ...(await environmentOf(aws, eks)) };
  const templates = templatesAsData(synthesizeInto(outdir, lab.id, context));
  onEvent({ kind: 'cost', cost: costOfLab(lab.id, { size: eks.size, hours }) });
  const day = new Date().toISOString().slice(0, 10);
  const wanted = { lab: lab.id, as: eks.as ?? '', owner: context.owner };
  const found = await preflight(aws, { wanted, templates, day });
  onEvent({ kind: 'preflight', found });
  if (!mayDeploy(found)) {
    throw new Failure('preflight', 'preflight checks failed', 'see the fixes above');
  }
  if (!(await confirm())) return false;
  const named = eks.as === undefined ? '' : ` --as ${eks.as}`;
  const commands = {
    again: `the same lab up ${lab.id}`,
    remove: `lab sweep ${lab.id}${named} --region ${eks.region}`,
  };
  await deployAssembly(outdir, {
    region: eks.region,
    account: found.account,
    commands,
    onEvent: (event) => onEvent({ kind: 'deploy', event }),
  });
  return true;
}

/** A private API server answers neither kubectl nor the checks of this tool from outside the VPC. */
const unreachable = ({ id }: Lab<string>): Failure =>
  new Failure(
    'no-address',
    'no address outside the VPC may reach the cluster, so nothing could be applied or checked from here',
    `lab up ${id} --target eks --allowed-cidrs "$(curl -s https://checkip.amazonaws.com)/32"`,
  );

/** The account itself ends a lab on EKS, and counts whole hours. */
const tooLong = (hours: number): Failure =>
  new Failure(
    'bad-expiry',
    `on EKS a lab ends by itself after 1 to ${LONGEST_HOURS} whole hours, not ${hours}`,
    'lab extend <hours> adds more while you need it',
  );

/**
 * What of the configuration follows from the account: who administers the cluster, and the zones.
 * What cannot be asked is left out: preflight asks again, and says why.
 */
async function environmentOf(aws: Aws, eks: EksOptions): Promise<Record<string, string>> {
  const admin = eks.admin ?? (await callerPrincipal(aws));
  const found = await tryTo(() => regionZones(aws));
  const count = eks.size === 'production' ? 3 : 2;
  const zones =
    eks.zones ?? (found.kind === 'done' ? chooseZones(found.value, count).join(',') : '');
  return { ...(admin !== undefined && { admin }), ...(zones !== '' && { zones }) };
}

const contextOf = ({ hours, eks }: RemoteStart) => ({
  size: eks.size,
  ttl: `${hours}h`,
  owner: eks.owner ?? userInfo().username,
  ...(eks.as !== undefined && { as: eks.as }),
  ...(eks.allowedCidrs !== undefined && { allowedCidrs: eks.allowedCidrs }),
  ...(eks.publicApi === true && { publicApi: 'true' }),
});
