import {
  DescribeAddressesCommand,
  paginateDescribeNatGateways,
  paginateDescribeSubnets,
  paginateDescribeVpcs,
} from '@aws-sdk/client-ec2';
import { GetServiceQuotaCommand } from '@aws-sdk/client-service-quotas';
import type { Aws } from '../aws';
import { collect } from '../collect';
import { fine, notice, type PreflightFinding, problem, tryTo } from '../finding';
import { resourcesOf, type Template } from '../template';
import { vcpusInUse, vcpusOfNodes } from './vcpus';

/** Whether the account's quotas leave room for what the templates create. */
export async function checkQuotas(
  aws: Aws,
  templates: readonly Template[],
): Promise<readonly PreflightFinding[]> {
  const needed = QUOTAS.map((quota) => ({ quota, count: quota.needed(templates) }));
  return Promise.all(
    needed
      .filter(({ count }) => count > 0)
      .map(({ quota, count }) => checkQuota(aws, quota, count)),
  );
}

async function checkQuota(aws: Aws, quota: Quota, count: number): Promise<PreflightFinding> {
  const { what, service: ServiceCode, code: QuotaCode } = quota;
  const url = `https://console.aws.amazon.com/servicequotas/home/services/${ServiceCode}/quotas/${QuotaCode}`;
  const answer = await tryTo(async () => {
    const command = new GetServiceQuotaCommand({ ServiceCode, QuotaCode });
    const [{ Quota }, used] = await Promise.all([aws.quotas.send(command), quota.used(aws)]);
    return { limit: Quota?.Value ?? Number.NaN, used };
  });
  if (answer.kind === 'failed') return notice(what, `quota not known: ${answer.reason}`, url);
  const { limit, used } = answer.value;
  const found = `${used} of ${limit} used, ${count} more needed`;
  return used + count > limit
    ? problem(what, found, `remove some, or ask for more: ${url}`)
    : fine(what, found);
}

/** A quota, how much of it is used, and how much more the templates ask for. */
interface Quota {
  readonly what: string;
  readonly service: 'vpc' | 'ec2';
  readonly code: string;
  /** How much of it the templates take. */
  readonly needed: (templates: readonly Template[]) => number;
  readonly used: (aws: Aws) => Promise<number>;
}

/** Those that stop a lab in an account that is new or in use; VPC and EC2 give 5 each by default. */
const QUOTAS: readonly Quota[] = [
  {
    what: 'VPCs',
    service: 'vpc',
    code: 'L-F678F1CE',
    needed: countOf('AWS::EC2::VPC'),
    used: async ({ ec2 }) =>
      (await collect(paginateDescribeVpcs({ client: ec2 }, {}), (page) => page.Vpcs)).length,
  },
  {
    what: 'elastic IP addresses',
    service: 'ec2',
    code: 'L-0263D0A3',
    needed: countOf('AWS::EC2::EIP'),
    used: async ({ ec2 }) =>
      (await ec2.send(new DescribeAddressesCommand({}))).Addresses?.length ?? 0,
  },
  {
    what: 'NAT gateways in one zone',
    service: 'vpc',
    code: 'L-FE5A380F',
    // A lab puts at most one into a zone.
    needed: (templates) => Math.min(1, countOf('AWS::EC2::NatGateway')(templates)),
    used: gatewaysInFullestZone,
  },
  {
    // All on-demand instances of families A, C, D, H, I, M, R, T and Z; new accounts have few.
    what: 'vCPUs of on-demand instances',
    service: 'ec2',
    code: 'L-1216C47A',
    needed: vcpusOfNodes,
    used: vcpusInUse,
  },
];

function countOf(type: string): Quota['needed'] {
  return (templates) => resourcesOf(templates).filter((resource) => resource.type === type).length;
}

async function gatewaysInFullestZone({ ec2: client }: Aws): Promise<number> {
  const [gateways, subnets] = await Promise.all([
    collect(paginateDescribeNatGateways({ client }, {}), (page) => page.NatGateways),
    collect(paginateDescribeSubnets({ client }, {}), (page) => page.Subnets),
  ]);
  const zones = new Map(subnets.map((subnet) => [subnet.SubnetId, subnet.AvailabilityZone]));
  const counts = new Map<string, number>();
  for (const { SubnetId } of gateways.filter(({ State }) => State !== 'deleted')) {
    const zone = zones.get(SubnetId) ?? '';
    counts.set(zone, (counts.get(zone) ?? 0) + 1);
  }
  return Math.max(0, ...counts.values());
}
