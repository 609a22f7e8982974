import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { GetDetectorCommand, ListDetectorsCommand } from '@aws-sdk/client-guardduty';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { Failure } from '../../model/problem';
import type { Aws } from '../aws';
import { unlessGone } from '../collect';
import { supportOf } from '../eks-versions';
import { fine, notice, type PreflightFinding, problem, tryTo } from '../finding';
import { resourcesOf, type Template, text } from '../template';
import { checkAddonVersions } from './addon-versions';
import { checkAdmission } from './admission';
import { checkLeftoverLogs } from './leftover-logs';
import { principalOf } from './principal';
import { checkQuotas } from './quotas';
import { checkStanding, type Wanted } from './standing';
import { checkZones } from './zones';

/** Result of the preflight checks of a deployment. */
export interface Preflight {
  /** Empty where there are no credentials. */
  readonly account: string;
  readonly region: string;
  readonly findings: readonly PreflightFinding[];
}

/**
 * Looks at everything that would make a deployment fail half an hour in: credentials, bootstrap,
 * quotas, versions, a name that is taken. All problems at once; without credentials nothing else can be asked.
 */
export async function preflight(
  aws: Aws,
  asked: {
    readonly wanted: Wanted;
    readonly templates: readonly Template[];
    readonly day: string;
  },
): Promise<Preflight> {
  const { region } = aws;
  const identity = await tryTo(() => aws.sts.send(new GetCallerIdentityCommand({})));
  if (identity.kind === 'failed') {
    const fix = 'sign in (aws sso login, or set AWS_PROFILE), then run the same command again';
    const credentials = problem('credentials', identity.reason, fix);
    return { account: '', region, findings: [credentials] };
  }
  const { Account: account = '', Arn: arn = '' } = identity.value;
  const findings = await Promise.all([
    standing(aws, asked.wanted),
    checkBootstrap(aws, account),
    checkQuotas(aws, asked.templates),
    checkZones(aws),
    checkLeftoverLogs(aws, asked.wanted),
    checkAddonVersions(aws, asked.templates),
    checkGuardDuty(aws),
    admission(aws, arn, asked.templates),
  ]);
  return {
    account,
    region,
    findings: [
      fine('credentials', `${arn} in ${region}`),
      ...checkVersions(asked.templates, asked.day),
      ...findings.flat(),
    ],
  };
}

/** True where no finding is a problem. */
export const mayDeploy = ({ findings }: Preflight): boolean =>
  findings.every(({ kind }) => kind !== 'problem');

/** Whether the caller's role is one that the templates admit to their clusters. */
async function admission(
  aws: Aws,
  callerArn: string,
  templates: readonly Template[],
): Promise<readonly PreflightFinding[]> {
  try {
    return checkAdmission(await principalOf(aws, callerArn), templates);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const { problem: reason, fix } = error;
    const hasCluster = resourcesOf(templates).some(({ type }) => type === 'AWS::EKS::Cluster');
    return hasCluster ? [problem('access to the cluster', reason, fix)] : [];
  }
}

/** Without the permission to look, deploying tells. */
async function standing(aws: Aws, wanted: Wanted): Promise<readonly PreflightFinding[]> {
  const answer = await tryTo(() => checkStanding(aws, wanted));
  const fix =
    'make sure that no other person runs this lab in the account, or give yours a name with --as';
  return answer.kind === 'done'
    ? answer.value
    : [notice('the name', `not known whether it is free: ${answer.reason}`, fix)];
}

/** CDK's templates of today ask for bootstrap version 6 (CDK guide, bootstrapping: versions). */
const BOOTSTRAP_VERSION = 6;

async function checkBootstrap(aws: Aws, account: string): Promise<readonly PreflightFinding[]> {
  const fix = `npx cdk bootstrap aws://${account}/${aws.region}`;
  const answer = await tryTo(() =>
    unlessGone(aws.cloudFormation.send(new DescribeStacksCommand({ StackName: 'CDKToolkit' }))),
  );
  if (answer.kind === 'failed') return [notice('bootstrap', `not known: ${answer.reason}`, fix)];
  const stack = answer.value?.Stacks?.[0];
  if (stack === undefined) return [problem('bootstrap', 'this region is not bootstrapped', fix)];
  const output = stack.Outputs?.find(({ OutputKey }) => OutputKey === 'BootstrapVersion');
  const version = Number(output?.OutputValue ?? Number.NaN);
  return version < BOOTSTRAP_VERSION
    ? [problem('bootstrap', `version ${version}, and ${BOOTSTRAP_VERSION} is needed`, fix)]
    : [fine('bootstrap', Number.isNaN(version) ? 'there' : `version ${version}`)];
}

/** After the end of standard support a control plane costs six times as much. */
function checkVersions(templates: readonly Template[], day: string): readonly PreflightFinding[] {
  const clusters = resourcesOf(templates).filter(({ type }) => type === 'AWS::EKS::Cluster');
  const versions = new Set(clusters.flatMap(({ properties }) => text(properties.Version) ?? []));
  return [...versions].map((version) => checkVersion(version, day));
}

function checkVersion(version: string, day: string): PreflightFinding {
  const support = supportOf(version, day);
  const what = `Kubernetes ${version}`;
  switch (support.kind) {
    case 'standard':
      return fine(what, `in standard support until ${support.until}`);
    case 'newer-than-table':
      return fine(what, 'newer than the table, so in standard support');
    case 'extended': {
      const found = `in extended support since ${support.since}: $0.60 an hour`;
      return problem(what, found, 'choose a newer one with -c kubernetes=<version>');
    }
    case 'unsupported':
      return problem(what, 'no version EKS offers', 'leave -c kubernetes out');
  }
}

/** Runtime Monitoring with automatic agents puts an endpoint and a group into every lab's VPC. */
async function checkGuardDuty({ guardDuty }: Aws): Promise<readonly PreflightFinding[]> {
  const answer = await tryTo(async () => {
    const { DetectorIds = [] } = await guardDuty.send(new ListDetectorsCommand({}));
    const detectors = DetectorIds.map((DetectorId) =>
      guardDuty.send(new GetDetectorCommand({ DetectorId })),
    );
    return (await Promise.all(detectors)).flatMap(({ Features = [] }) => Features);
  });
  if (answer.kind === 'failed') return [];
  const watching = answer.value.some(
    ({ Name, Status }) => /RUNTIME_MONITORING/.test(Name ?? '') && Status === 'ENABLED',
  );
  const what = 'GuardDuty runtime monitoring';
  const found = 'on: it adds an endpoint and a security group to the VPC; teardown removes both';
  return [watching ? notice(what, found, '') : fine(what, 'off')];
}
