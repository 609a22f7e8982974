import type { Verdict } from '../../model/explanation';
import type { Service, ServicePort } from '../../model/world';
import { routeEvidence } from '../hops/evidence';
import type { ServiceCall, StoppedRouting } from './types';

/** A flow that ends at `object`, before anything is filtered. */
export const stopped = (verdict: Verdict, object: string, because: string): StoppedRouting => ({
  kind: 'stopped',
  verdict,
  evidence: routeEvidence(object, because),
});

/** A Service as flows and sentences name it. */
export const serviceName = ({ namespace, name }: Service): string => `svc:${namespace}/${name}`;

/** A Service as evidence cites it. */
export const serviceObject = ({ namespace, name }: Service): string => `${namespace}/${name}`;

/** A call that ends at the Service itself. */
export const stoppedAt = (service: Service, verdict: Verdict, because: string): StoppedRouting =>
  stopped(verdict, serviceObject(service), because);

/** The Service has no such port. */
export function noPort(service: Service, { protocol, port }: ServiceCall): StoppedRouting {
  const what = port === undefined ? 'port' : `port ${port}`;
  return stoppedAt(service, 'no-route', `${serviceName(service)} has no ${what} for ${protocol}`);
}

/** No backend can answer: none is ready, or none has an address of the caller's family. */
export function noEndpoints(service: Service, port: ServicePort): StoppedRouting {
  if (service.areEndpointsUnknown) return unlistedEndpoints(service);
  if (port.backends.some(({ ready, draining }) => ready || draining)) return noFamily(service);
  const because = `${serviceName(service)} has no ready endpoint, so kube-proxy rejects the connection`;
  return stoppedAt(service, 'no-route', because);
}

/** A Service without selector, whose endpoints no file lists. */
export function unlistedEndpoints(service: Service): StoppedRouting {
  const because = `${serviceName(service)} has no selector, and the files list no EndpointSlice or Endpoints of it; add them: ${DUMP}`;
  return stoppedAt(service, 'unknown', because);
}

/** Prints everything of a cluster that endpoints and policies depend on. */
const DUMP = 'kubectl get ns,no,po,svc,endpointslices,endpoints,netpol -A -o yaml';

/** kube-proxy drops packets that a `Local` policy leaves without a backend (nftables: "no local endpoints"). */
export function noLocal(service: Service, node: string): StoppedRouting {
  const because = `${serviceName(service)} keeps traffic local (traffic policy Local) and ${node} has no ready endpoint of it, so kube-proxy drops the packet`;
  return stoppedAt(service, 'denied', because);
}

/** A cluster address that a caller outside the cluster calls. */
export const onlyForNodes = (service: Service): StoppedRouting =>
  stoppedAt(
    service,
    'no-route',
    `${serviceName(service)} has only a cluster address, which is known to the cluster's nodes alone`,
  );

/** The caller has no address of the Service's families. */
export function noFamily(service: Service): StoppedRouting {
  const because = `${serviceName(service)} and the source have no address family in common`;
  return stoppedAt(service, 'no-route', because);
}
