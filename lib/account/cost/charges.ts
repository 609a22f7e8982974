import { supportOf } from '../eks-versions';
import { list, number, type Resolver, record, type TemplateResource, text } from '../template';
import { CHARGED_PLAIN } from './charges-plain';
import {
  AUTO_MODE_SHARE,
  CONTROL_PLANE_TIER,
  HOURLY,
  HOURS_PER_MONTH,
  INSTANCE,
  MONTHLY,
} from './prices';
import type { Charge, ChargeContext } from './types';

type ChargeRule = (resource: TemplateResource, context: ChargeContext) => readonly Charge[];

/** Types that are billed by the hour or month, and how many units of what one of them is. */
export const CHARGES: Readonly<Record<string, ChargeRule>> = {
  ...CHARGED_PLAIN,
  'AWS::EKS::Cluster': clusterCharges,
  'AWS::EKS::Nodegroup': nodegroupCharges,
  'AWS::EC2::Instance': (resource, context) => machineCharges(resource, context, 1),
  'AWS::AutoScaling::AutoScalingGroup': autoScalingCharges,
  'AWS::EC2::Volume': ({ properties }) => [
    volumeCharge(1, number(properties.Size) ?? 0, text(properties.VolumeType) ?? 'gp2'),
  ],
};

function clusterCharges(
  { properties }: TemplateResource,
  { day }: ChargeContext,
): readonly Charge[] {
  const version = text(properties.Version);
  const support = version === undefined ? undefined : supportOf(version, day);
  const extended = support?.kind === 'extended';
  const tier = text(record(properties.ControlPlaneScalingConfig).Tier) ?? 'standard';
  const surcharge = CONTROL_PLANE_TIER[tier];
  const charges: Charge[] = [
    {
      kind: 'hourly',
      what: extended ? `EKS control plane, extended support (${version})` : 'EKS control plane',
      count: 1,
      eachPerHour: extended ? HOURLY.clusterExtendedSupport : HOURLY.cluster,
    },
  ];
  if (surcharge === undefined)
    charges.push({ kind: 'unknown', what: `control plane tier ${tier}` });
  else if (surcharge > 0) {
    charges.push({ kind: 'hourly', what: `${tier}`, count: 1, eachPerHour: surcharge });
  }
  if (record(properties.ComputeConfig).Enabled === true) {
    const what = `EKS Auto Mode: ${AUTO_MODE_SHARE * 100} % on top of instances it chooses itself`;
    charges.push({ kind: 'unknown', what });
  }
  return charges;
}

/** EKS: 2 nodes of t3.medium with 20 GiB where a node group says nothing else. */
function nodegroupCharges(resource: TemplateResource, context: ChargeContext): readonly Charge[] {
  const { properties } = resource;
  const launch = launchTemplateOf(properties.LaunchTemplate, resource, context.resolver);
  const desired = record(properties.ScalingConfig).DesiredSize;
  const count = desired === undefined ? 2 : number(context.resolver.literal(desired, resource));
  if (count === undefined) return [{ kind: 'unknown', what: 'nodes: how many is decided later' }];
  const type = text(list(properties.InstanceTypes)[0]) ?? text(launch.InstanceType) ?? 't3.medium';
  const disks = disksOf(launch);
  return [
    instanceCharge(count, type, text(properties.CapacityType)),
    ...(disks.length > 0 ? disks : [{ size: number(properties.DiskSize) ?? 20, type: 'gp3' }]).map(
      (disk) => volumeCharge(count, disk.size, disk.type),
    ),
    ...publicAddresses(count, list(properties.Subnets), { resource, launch, context }),
  ];
}

function machineCharges(
  resource: TemplateResource,
  context: ChargeContext,
  count: number,
): readonly Charge[] {
  const { properties } = resource;
  const launch = launchTemplateOf(properties.LaunchTemplate, resource, context.resolver);
  const type = text(properties.InstanceType) ?? text(launch.InstanceType);
  const disks = [...disksOf(properties), ...disksOf(launch)];
  const subnets = [properties.SubnetId, ...list(properties.VPCZoneIdentifier)];
  return [
    type === undefined
      ? { kind: 'unknown', what: 'instance of a type known only after deployment' }
      : instanceCharge(count, type, undefined),
    // An Amazon Linux image brings a root volume of 8 GiB.
    ...(disks.length > 0 ? disks : [{ size: 8, type: 'gp3' }]).map((disk) =>
      volumeCharge(count, disk.size, disk.type),
    ),
    ...publicAddresses(count, subnets, { resource, launch, context }),
  ];
}

function autoScalingCharges(resource: TemplateResource, context: ChargeContext): readonly Charge[] {
  const { DesiredCapacity, MinSize } = resource.properties;
  return machineCharges(resource, context, number(DesiredCapacity) ?? number(MinSize) ?? 0);
}

function instanceCharge(count: number, type: string, capacity: string | undefined): Charge {
  const eachPerHour = INSTANCE[type];
  const spot = capacity === 'SPOT' ? ' (spot: at most)' : '';
  return eachPerHour === undefined
    ? { kind: 'unknown', what: `${count} x instance ${type}` }
    : { kind: 'hourly', what: `instance ${type}${spot}`, count, eachPerHour };
}

function volumeCharge(count: number, gib: number, type: string): Charge {
  const prices: Readonly<Record<string, number>> = MONTHLY.volumeGiB;
  const perGiB = prices[type];
  return perGiB === undefined
    ? { kind: 'unknown', what: `${count} x volume ${type}` }
    : {
        kind: 'hourly',
        what: `volume ${type} ${gib} GiB`,
        count,
        eachPerHour: (gib * perGiB) / HOURS_PER_MONTH,
      };
}

/** Machines in a subnet that hands out public addresses hold one each, and it is billed. */
function publicAddresses(
  count: number,
  subnets: readonly unknown[],
  at: {
    readonly resource: TemplateResource;
    readonly launch: Properties;
    readonly context: ChargeContext;
  },
): readonly Charge[] {
  const isPublic =
    list(at.launch.NetworkInterfaces).some((i) => record(i).AssociatePublicIpAddress === true) ||
    subnets.some((subnet) => {
      const found = at.context.resolver.resource(subnet, at.resource);
      return found?.properties.MapPublicIpOnLaunch === true;
    });
  const { publicIpv4: eachPerHour } = HOURLY;
  return isPublic ? [{ kind: 'hourly', what: 'public IPv4 of nodes', count, eachPerHour }] : [];
}

type Properties = Readonly<Record<string, unknown>>;

function launchTemplateOf(
  reference: unknown,
  from: TemplateResource,
  resolver: Resolver,
): Properties {
  const { LaunchTemplateId, Id } = record(reference);
  const template = resolver.resource(LaunchTemplateId ?? Id, from);
  return record(template?.properties.LaunchTemplateData);
}

const disksOf = (holder: Properties): readonly { size: number; type: string }[] =>
  list(holder.BlockDeviceMappings).flatMap((mapping) => {
    const { VolumeSize, VolumeType } = record(record(mapping).Ebs);
    const size = number(VolumeSize);
    return size === undefined ? [] : [{ size, type: text(VolumeType) ?? 'gp2' }];
  });
