import { DescribeAvailabilityZonesCommand } from '@aws-sdk/client-ec2';
import type { Aws } from '../aws';
import { fine, notice, type PreflightFinding, problem, tryTo } from '../finding';

/**
 * Zones, by the id that is the same in every account, in which EKS accepts no cluster subnet (EKS
 * user guide, VPC and subnet requirements).
 */
export const ZONES_WITHOUT_EKS: readonly string[] = ['use1-az3', 'usw1-az2', 'cac1-az3'];

/** What a region offers a cluster. */
export interface RegionZones {
  /** Names of the zones that take a cluster's subnets, in the order of their names. */
  readonly usable: readonly string[];
  /** Names of those that exist and do not. */
  readonly refused: readonly string[];
}

/** The availability zones of the region; local and wavelength zones are left out. */
export async function regionZones({ ec2 }: Aws): Promise<RegionZones> {
  const Filters = [{ Name: 'zone-type', Values: ['availability-zone'] }];
  const command = new DescribeAvailabilityZonesCommand({ Filters });
  const { AvailabilityZones = [] } = await ec2.send(command);
  const zones = AvailabilityZones.flatMap(({ ZoneName, ZoneId = '', State, OptInStatus }) =>
    ZoneName === undefined || OptInStatus === 'not-opted-in'
      ? []
      : [{ name: ZoneName, takes: State === 'available' && !ZONES_WITHOUT_EKS.includes(ZoneId) }],
  ).toSorted((a, b) => a.name.localeCompare(b.name));
  return {
    usable: zones.filter(({ takes }) => takes).map(({ name }) => name),
    refused: zones.filter(({ takes }) => !takes).map(({ name }) => name),
  };
}

/** The zones to deploy to: as many as are wanted, and two where the region has no more. */
export const chooseZones = ({ usable }: RegionZones, wanted: number): readonly string[] =>
  usable.slice(0, Math.max(2, wanted));

/** Whether the region has the two zones that EKS asks for, and which ones are left out. */
export async function checkZones(aws: Aws): Promise<readonly PreflightFinding[]> {
  const what = 'availability zones';
  const asked = await tryTo(() => regionZones(aws));
  if (asked.kind === 'failed') {
    const fix = 'allow ec2:DescribeAvailabilityZones, or name two: --zones <zone>,<zone>';
    return [notice(what, `not known: ${asked.reason}`, fix)];
  }
  const { usable, refused } = asked.value;
  const without = refused.length === 0 ? '' : `; EKS does not take ${refused.join(', ')}`;
  return usable.length < 2
    ? [
        problem(
          what,
          `${aws.region} has ${usable.length} that EKS takes, and a cluster needs two${without}`,
          'choose another region with --region',
        ),
      ]
    : [fine(what, `${usable.join(', ')}${without}`)];
}
