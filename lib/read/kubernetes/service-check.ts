import { type At, complain, inside } from '../schema/at';
import { isDnsSubdomain } from '../schema/names';
import type { ServicePortSpec, ServiceSpec } from './service-spec';

/** The kubelet's own port, which no load balancer may expose (k8s pkg/cluster/ports). */
const KUBELET_PORT = 10_250;

/** What a Service may say, by its type (k8s pkg/apis/core/validation: ValidateService). */
export function checkService(spec: ServiceSpec, at: At): void {
  const ports = spec.ports ?? [];
  const { type = 'ClusterIP' } = spec;
  const headless = spec.clusterIP === 'None';
  if (type === 'ExternalName') checkExternalName(spec, at);
  else if (ports.length === 0 && !(headless && type === 'ClusterIP')) {
    complain(inside(at, 'ports'), 'the Service has no port', 'add one');
  }
  if (headless && (type === 'NodePort' || type === 'LoadBalancer')) {
    const problem = `a Service of type ${type} cannot be headless`;
    complain(inside(at, 'clusterIP'), problem, 'remove clusterIP, or write type: ClusterIP');
  }
  checkPorts(ports, type, inside(at, 'ports'));
  checkOtherTypes(spec, at);
}

/** One dot at the end says that the name is whole, and is taken away before the rest is checked. */
function checkExternalName({ externalName }: ServiceSpec, at: At): void {
  const place = inside(at, 'externalName');
  if (externalName === undefined) {
    complain(place, 'externalName is missing', 'name the host it stands for');
  } else if (!isDnsSubdomain(externalName.replace(/\.$/, ''))) {
    complain(place, `'${externalName}' is not a DNS name`, 'write a name such as db.example.com');
  }
}

function checkPorts(ports: readonly ServicePortSpec[], type: string, at: At): void {
  const names = new Set<string>();
  const numbers = new Set<string>();
  const nodePorts = new Set<string>();
  for (const [i, { name, port, protocol = 'TCP', nodePort }] of ports.entries()) {
    const here = inside(at, i);
    if (name === undefined && ports.length > 1) {
      complain(inside(here, 'name'), 'name is missing', 'name every port where there are several');
    }
    if (name !== undefined && names.has(name)) {
      complain(inside(here, 'name'), `two ports are named '${name}'`, 'rename one');
    }
    if (numbers.has(`${protocol}/${port}`)) {
      complain(here, `${protocol} ${port} is written twice`, 'remove one of the two');
    }
    if (type === 'LoadBalancer' && port === KUBELET_PORT) {
      complain(inside(here, 'port'), `port ${port} is the kubelet's`, 'use another port');
    }
    if (nodePort !== undefined) checkNodePort({ protocol, nodePort, type }, nodePorts, here);
    names.add(name ?? '');
    numbers.add(`${protocol}/${port}`);
  }
}

interface NodePortUse {
  readonly protocol: string;
  readonly nodePort: number;
  readonly type: string;
}

function checkNodePort({ protocol, nodePort, type }: NodePortUse, seen: Set<string>, at: At): void {
  const place = inside(at, 'nodePort');
  if (type === 'ClusterIP' || type === 'ExternalName') {
    complain(place, `a Service of type ${type} has no node port`, 'write type: NodePort');
  }
  if (seen.has(`${protocol}/${nodePort}`)) {
    complain(place, `${protocol} node port ${nodePort} is written twice`, 'change one of the two');
  }
  seen.add(`${protocol}/${nodePort}`);
}

/** Fields that look as if they protected or exposed something, on types that have no such thing. */
function checkOtherTypes(spec: ServiceSpec, at: At): void {
  const { type = 'ClusterIP', externalIPs = [], externalTrafficPolicy } = spec;
  const onlyBalancer = [
    'loadBalancerClass',
    'loadBalancerSourceRanges',
    'allocateLoadBalancerNodePorts',
  ] as const;
  for (const field of onlyBalancer) {
    const given = spec[field];
    const empty = Array.isArray(given) && given.length === 0;
    if (given === undefined || empty || type === 'LoadBalancer') continue;
    const problem = `${field} has no meaning in a Service of type ${type}`;
    complain(inside(at, field), problem, 'write type: LoadBalancer, or remove it');
  }
  const outside =
    type === 'NodePort' ||
    type === 'LoadBalancer' ||
    (type === 'ClusterIP' && externalIPs.length > 0);
  if (externalTrafficPolicy !== undefined && !outside) {
    const place = inside(at, 'externalTrafficPolicy');
    complain(place, `nothing outside calls a Service of type ${type}`, 'remove it');
  }
  const checksHealth = type === 'LoadBalancer' && externalTrafficPolicy === 'Local';
  if (spec.healthCheckNodePort !== undefined && !checksHealth) {
    const place = inside(at, 'healthCheckNodePort');
    const fix = 'remove it, or write type: LoadBalancer and externalTrafficPolicy: Local';
    complain(place, 'there is no health check at a node port of its own here', fix);
  }
}
