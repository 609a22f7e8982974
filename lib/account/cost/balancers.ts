import { uniqueBy } from '../../model/unique';
import { list, record, text } from '../template';
import { HOURLY } from './prices';
import type { Charge, ChargeContext } from './types';

/** A load balancer that a controller in the cluster will make for a manifest. */
export interface BalancerDemand {
  readonly kind: 'network' | 'application';
  readonly scheme: 'internal' | 'internet-facing';
  /** The object that asks for it, `Service shop/web`. */
  readonly of: string;
}

/**
 * The load balancers that these objects (parsed manifests) make AWS start: Services of type
 * LoadBalancer and Gateways one each, Ingresses of class `alb` one per group
 * (AWS Load Balancer Controller: `alb.ingress.kubernetes.io/group.name`).
 */
export function balancersOf(manifests: readonly unknown[]): readonly BalancerDemand[] {
  const objects = manifests.flatMap((manifest) =>
    text(record(manifest).kind)?.endsWith('List') ? list(record(manifest).items) : [manifest],
  );
  const demands = objects.flatMap(demandOf);
  return uniqueBy(demands, (demand) => demand.of);
}

/** What such a load balancer costs: itself, and its public addresses, one a zone. */
export function balancerCharges(demand: BalancerDemand, context: ChargeContext): readonly Charge[] {
  const { kind, scheme } = demand;
  return [
    {
      kind: 'hourly',
      what: `${kind} load balancer`,
      count: 1,
      eachPerHour: HOURLY.loadBalancer,
    },
    {
      kind: 'hourly',
      what: 'public IPv4 of a load balancer',
      count: scheme === 'internal' ? 0 : publicZones(context),
      eachPerHour: HOURLY.publicIpv4,
    },
  ];
}

/** Zones with a public subnet; two where no template says, the least an ALB accepts. */
function publicZones({ resources }: ChargeContext): number {
  const zones = resources
    .filter((r) => r.type === 'AWS::EC2::Subnet' && r.properties.MapPublicIpOnLaunch === true)
    .map(({ properties }) => JSON.stringify(properties.AvailabilityZone));
  return zones.length === 0 ? 2 : new Set(zones).size;
}

function demandOf(object: unknown): readonly BalancerDemand[] {
  const { kind, metadata, spec } = record(object);
  const { namespace, name, annotations } = record(metadata);
  const notes = record(annotations);
  const of = (what: string) => `${what} ${text(namespace) ?? 'default'}/${text(name)}`;
  switch (kind) {
    case 'Service':
      return record(spec).type === 'LoadBalancer' ? [serviceDemand(notes, of('Service'))] : [];
    case 'Ingress': {
      const className = record(spec).ingressClassName ?? notes['kubernetes.io/ingress.class'];
      if (className !== 'alb') return [];
      const group = text(notes['alb.ingress.kubernetes.io/group.name']);
      const scheme = schemeOf(notes['alb.ingress.kubernetes.io/scheme']);
      const owner = group === undefined ? of('Ingress') : `Ingress group ${group}`;
      return [{ kind: 'application', scheme, of: owner }];
    }
    case 'Gateway':
      return gatewayDemand(text(record(spec).gatewayClassName) ?? '', of('Gateway'));
    default:
      return [];
  }
}

/** The AWS Load Balancer Controller makes itself the default for every Service of this type. */
function serviceDemand(notes: Readonly<Record<string, unknown>>, of: string): BalancerDemand {
  const scheme = schemeOf(notes['service.beta.kubernetes.io/aws-load-balancer-scheme']);
  return { kind: 'network', scheme, of };
}

/** Gateway classes of the AWS Load Balancer Controller are named by layer; others start nothing. */
function gatewayDemand(className: string, of: string): readonly BalancerDemand[] {
  if (className.includes('alb')) return [{ kind: 'application', scheme: 'internet-facing', of }];
  if (className.includes('nlb')) return [{ kind: 'network', scheme: 'internet-facing', of }];
  return [];
}

/** The controller's default is internal. */
const schemeOf = (value: unknown): BalancerDemand['scheme'] =>
  value === 'internet-facing' ? 'internet-facing' : 'internal';
