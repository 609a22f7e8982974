import type { NatGateway, NetworkInterface, VpcEndpoint } from '../../model/vpc';
import type { Allocator } from './address';
import { balancerInterfaces } from './balancer';
import type { TemplateCluster } from './cluster';
import type { Machine } from './machine';
import { machineInterfaces } from './machine-interface';
import { freeAddress, natInterface } from './nat';
import type { Ground } from './network';
import type { Resources } from './resource';

/** What has interfaces in a VPC. */
export interface Devices {
  readonly resources: Resources;
  readonly nats: readonly NatGateway[];
  readonly endpoints: readonly VpcEndpoint[];
  readonly clusters: readonly TemplateCluster[];
  readonly machines: readonly Machine[];
}

/** The interfaces that AWS's own devices and the templates' machines have in a VPC's subnets. */
export function readInterfaces(
  { resources, nats, endpoints, clusters, machines }: Devices,
  ground: Ground,
  allocator: Allocator,
): readonly NetworkInterface[] {
  const types = ['AWS::EC2::VPCEndpoint', 'AWS::EKS::Cluster', 'Custom::AWSCDK-EKS-Cluster'];
  const owners = new Map(types.flatMap((type) => resources.ofType(type)).map((r) => [r.id, r]));
  const place = (
    { id, label }: { readonly id: string; readonly label: string },
    subnets: readonly string[],
    rest: Pick<NetworkInterface, 'owner' | 'securityGroups'>,
  ) =>
    subnets.flatMap((subnet): NetworkInterface[] => {
      const [home, resource] = [ground.subnets.find((s) => s.id === subnet), owners.get(id)];
      if (home === undefined || resource === undefined) return [];
      const address = freeAddress(home, resource, allocator);
      if (address === undefined) return [];
      const own = { id: `${label}/${home.name}`, subnet, addresses: [address], prefixes: [] };
      return [{ ...own, chosen: true, ...rest }];
    });
  return [
    ...nats.flatMap(natInterface),
    ...clusters.flatMap((cluster) =>
      place({ id: cluster.id, label: cluster.name }, cluster.subnets, {
        owner: { kind: 'control-plane' },
        securityGroups: cluster.securityGroups,
      }),
    ),
    ...endpoints.flatMap((endpoint) =>
      endpoint.kind === 'gateway'
        ? []
        : place({ id: endpoint.id, label: endpoint.service }, endpoint.subnets, {
            owner: { kind: 'vpc-endpoint', id: endpoint.id },
            securityGroups: endpoint.securityGroups,
          }),
    ),
    ...balancerInterfaces(resources, ground, allocator),
    ...machines.flatMap((machine) => machineInterfaces(machine, ground, allocator)),
  ];
}
