import {
  DescribeTagsCommand as DescribeClassicTagsCommand,
  paginateDescribeLoadBalancers as paginateClassic,
} from '@aws-sdk/client-elastic-load-balancing';
import {
  DescribeTagsCommand,
  paginateDescribeLoadBalancers,
  paginateDescribeTargetGroups,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Aws } from '../aws';
import { chunks, collect, unlessGone } from '../collect';
import { HOURLY } from '../cost/prices';
import { inParallel } from '../parallel';
import { tagsOf } from '../tags';
import type { Leftover, LeftoverKind } from './leftover';

const IDLE = { kind: 'idle' } as const;
/** Both APIs tell the tags of at most 20 at once. */
const TAGS_AT_ONCE = 20;

/** Every load balancer and target group of the region: neither API can filter by tag or VPC. */
export async function lookAtBalancers(aws: Aws): Promise<readonly Leftover[]> {
  const client = aws.elbv2;
  const [balancers, groups, classics] = await Promise.all([
    collect(paginateDescribeLoadBalancers({ client }, {}), (page) => page.LoadBalancers),
    collect(paginateDescribeTargetGroups({ client }, {}), (page) => page.TargetGroups),
    collect(paginateClassic({ client: aws.elb }, {}), (page) => page.LoadBalancerDescriptions),
  ]);
  const plain: Leftover[] = [
    ...balancers.map((b) => {
      const isPublic = b.Scheme === 'internet-facing';
      const addresses = isPublic ? (b.AvailabilityZones?.length ?? 0) : 0;
      const perHour = HOURLY.loadBalancer + addresses * HOURLY.publicIpv4;
      const name = b.LoadBalancerName;
      return item('load-balancer', { id: b.LoadBalancerArn, name, vpc: b.VpcId, perHour });
    }),
    ...groups.map((g) => {
      const name = g.TargetGroupName;
      return item('target-group', { id: g.TargetGroupArn, name, vpc: g.VpcId, perHour: 0 });
    }),
  ];
  const classic = classics.map(({ LoadBalancerName: name, VPCId: vpc }) => {
    const perHour = HOURLY.classicLoadBalancer;
    return item('classic-load-balancer', { id: name, name, vpc, perHour });
  });
  return [...(await withTags(aws, plain)), ...(await withClassicTags(aws, classic))];
}

const withTags = ({ elbv2 }: Aws, items: readonly Leftover[]): Promise<readonly Leftover[]> =>
  tagged(items, async (ResourceArns) => {
    const { TagDescriptions = [] } = await elbv2.send(new DescribeTagsCommand({ ResourceArns }));
    return TagDescriptions.map(({ ResourceArn: id, Tags }) => [id, tagsOf(Tags)]);
  });

const withClassicTags = ({ elb }: Aws, items: readonly Leftover[]): Promise<readonly Leftover[]> =>
  tagged(items, async (LoadBalancerNames) => {
    const command = new DescribeClassicTagsCommand({ LoadBalancerNames });
    const { TagDescriptions = [] } = await elb.send(command);
    return TagDescriptions.map(({ LoadBalancerName: id, Tags }) => [id, tagsOf(Tags)]);
  });

type BalancerTags = readonly (readonly [string | undefined, Leftover['tags']])[];

/**
 * Adds the tags. Both APIs refuse a whole question where one thing in it is gone, and any load
 * balancer of the region may go at any moment, so then each is asked about alone; what is gone is
 * left out.
 */
async function tagged(
  items: readonly Leftover[],
  ask: (ids: string[]) => Promise<BalancerTags>,
): Promise<readonly Leftover[]> {
  const askOnce = (part: readonly Leftover[]) => unlessGone(ask(part.map(({ id }) => id)));
  const parts = await inParallel(chunks(items, TAGS_AT_ONCE), async (part) => {
    const together = await askOnce(part);
    return together ?? (await inParallel(part, async (one) => (await askOnce([one])) ?? [])).flat();
  });
  const tags = new Map(parts.flat());
  return items.flatMap((one) => {
    const own = tags.get(one.id);
    return own === undefined ? [] : [{ ...one, tags: own }];
  });
}

function item(
  kind: LeftoverKind,
  at: {
    readonly id: string | undefined;
    readonly name: string | undefined;
    readonly vpc: string | undefined;
    readonly perHour: number;
  },
): Leftover {
  const { id = '', name = '', vpc, perHour } = at;
  return { kind, id, name, tags: {}, vpcs: vpc === undefined ? [] : [vpc], status: IDLE, perHour };
}
