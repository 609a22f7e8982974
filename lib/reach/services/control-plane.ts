import type { Service, World } from '../../model/world';
import { packetTo, portOf, readyBackends } from './call';
import { direct } from './delivery';
import { noEndpoints, noFamily, noPort, serviceName } from './refusal';
import type { Delivery, Routing, ServiceCall } from './types';

/** Does the API server of EKS call, from an interface of its control plane? */
export function isControlPlane({ from, directory }: ServiceCall): boolean {
  const ids = new Set(from.flatMap(({ eni }) => eni ?? []));
  return ids.size > 0 && [...ids].every((id) => controlPlanes(directory.world).has(id));
}

const controlPlanes = ({ vpcs }: World): ReadonlySet<string> =>
  new Set(
    vpcs.flatMap(({ interfaces }) =>
      interfaces.flatMap(({ id, owner }) => (owner.kind === 'control-plane' ? [id] : [])),
    ),
  );

/**
 * A call of the API server to a Service: a webhook or an aggregated API. It resolves the Service to an
 * endpoint itself and connects to that address and target port, because nothing translates cluster
 * addresses there (Kubernetes: kube-apiserver --enable-aggregator-routing and the webhooks' resolver of
 * endpoints; EKS does so).
 */
export function callFromControlPlane(service: Service, call: ServiceCall): Routing {
  const port = portOf(service, call);
  if (port === undefined) return noPort(service, call);
  const ready = readyBackends(port, call);
  if (ready.length === 0) return noEndpoints(service, port);
  const deliveries = call.from.flatMap((party) =>
    ready.flatMap((backend): Delivery[] => {
      const packet = packetTo(backend.address, backend.port, { ...call, from: [party] });
      const note = `the API server connects to an endpoint of ${serviceName(service)}: ${backend.address} port ${backend.port}`;
      return packet === undefined ? [] : [{ ...direct(packet), note }];
    }),
  );
  return deliveries.length === 0 ? noFamily(service) : { kind: 'delivered', deliveries };
}
