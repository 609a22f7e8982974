import type { Explanation } from '../model/explanation';
import type { Finding } from '../model/finding';
import { type Flow, type FlowEnd, formatEnd } from '../model/flow';
import type { NetworkInterface, Vpc } from '../model/vpc';
import { createEngine, type Engine } from '../reach/engine';
import type { PreparedWorld } from './prepared';
import { some } from './words';

/** The kubelet's API, which the control plane calls for logs, exec and metrics (EKS: security groups). */
const KUBELET_PORT = 10_250;
const HTTPS = 443;
const DNS = 53;

/** Paths in a VPC that a cluster cannot do without, and that its groups, ACLs or routes refuse. */
export function checkVpcPaths({ world }: PreparedWorld): readonly Finding[] {
  if (world.vpcs.length === 0) return [];
  const engine = createEngine(world, { staged: 'as-written' });
  return [
    ...world.vpcs.flatMap((vpc) => kubelets(engine, vpc)),
    ...world.vpcs.flatMap((vpc) => privateEndpoints(engine, vpc)),
    ...dnsByGroups(engine, world.pods),
  ];
}

/** The flow as a person asks about it. */
const proof = ({ from, to, protocol, port }: Flow): string =>
  `lab explain ${formatEnd(from)} ${formatEnd(to)}:${port}${protocol === 'TCP' ? '' : `/${protocol}`}`;

const isRefused = ({ verdict }: Explanation): boolean =>
  verdict === 'denied' || verdict === 'no-route';

const eni = ({ id }: Pick<NetworkInterface, 'id'>): FlowEnd => ({ kind: 'eni', name: id });

/** Nodes whose kubelet no interface of a control plane reaches. */
function kubelets(engine: Engine, { interfaces }: Vpc): readonly Finding[] {
  const planes = interfaces.filter(({ owner }) => owner.kind === 'control-plane');
  const nodes = new Set(
    interfaces.flatMap(({ owner }) => (owner.kind === 'node' ? [owner.node] : [])),
  );
  const refused = [...nodes].flatMap((name) => {
    const asked = planes.map((plane) =>
      engine.explain({
        from: eni(plane),
        to: { kind: 'node', name },
        protocol: 'TCP',
        port: KUBELET_PORT,
      }),
    );
    const [first] = asked;
    return first !== undefined && asked.every(isRefused) ? [{ name, first }] : [];
  });
  const [shown] = refused;
  if (shown === undefined) return [];
  const names = some(refused.map(({ name }) => name));
  return [
    {
      code: 'control-plane-cut',
      severity: 'error',
      object: `node ${names}`,
      why: `the control plane cannot reach the kubelet (TCP ${KUBELET_PORT}), so logs, exec and metrics fail: ${reasonOf(shown.first)}`,
      fix: `allow TCP ${KUBELET_PORT} from the cluster security group to the nodes; ${proof(shown.first.flow)} shows the path`,
    },
  ];
}

const reasonOf = ({ by }: Explanation): string => by.map(({ because }) => because).join('; ');

/** Interface endpoints that no interface of their VPC reaches on 443. */
function privateEndpoints(engine: Engine, vpc: Vpc): readonly Finding[] {
  const callers = vpc.interfaces.filter(
    ({ owner }) => owner.kind === 'node' || owner.kind === 'resource',
  );
  return vpc.endpoints.flatMap((endpoint): readonly Finding[] => {
    if (endpoint.kind !== 'interface') return [];
    const own = vpc.interfaces.filter(
      ({ owner }) => owner.kind === 'vpc-endpoint' && owner.id === endpoint.id,
    );
    const asked = callers.flatMap((caller) =>
      own.map((target) =>
        engine.explain({ from: eni(caller), to: eni(target), protocol: 'TCP', port: HTTPS }),
      ),
    );
    const [first] = asked;
    if (first === undefined || !asked.every(isRefused)) return [];
    return [
      {
        code: 'endpoint-unreachable',
        severity: 'error',
        object: `VPC endpoint ${endpoint.id} (${endpoint.service})`,
        why: `nothing in ${vpc.name} reaches it on TCP ${HTTPS}: ${reasonOf(first)}`,
        fix: `allow TCP ${HTTPS} from the VPC in the endpoint's security group; ${proof(first.flow)} shows the path`,
      },
    ];
  });
}

/** Pods that security groups, ACLs or routes keep from every DNS pod. */
function dnsByGroups(engine: Engine, pods: PreparedWorld['pods']): readonly Finding[] {
  const servers = pods.filter(
    ({ namespace, labels }) => namespace === 'kube-system' && labels['k8s-app'] === 'kube-dns',
  );
  const clients = firstOfEachNode(pods.filter((pod) => !servers.includes(pod)));
  const refused = clients.flatMap((client) => {
    const asked = servers.map((server) =>
      engine.explain({ from: podEnd(client), to: podEnd(server), protocol: 'UDP', port: DNS }),
    );
    const [first] = asked;
    const isCut = first !== undefined && asked.every(isRefused) && asked.every(isByVpc);
    return isCut ? [{ client, first }] : [];
  });
  const [shown] = refused;
  if (shown === undefined) return [];
  return [
    {
      code: 'dns-cut',
      severity: 'error',
      object: `pods on ${some(refused.map(({ client }) => `node ${client.node}`))}`,
      why: `they reach no DNS pod on UDP ${DNS}, so names are not resolved: ${reasonOf(shown.first)}`,
      fix: `allow UDP and TCP ${DNS} between the nodes' security groups; ${proof(shown.first.flow)} shows the path`,
    },
  ];
}

const VPC_FILTERS: ReadonlySet<string> = new Set(['security-group', 'network-acl', 'route']);

const isByVpc = ({ by }: Explanation): boolean => by.some(({ filter }) => VPC_FILTERS.has(filter));

type Pods = PreparedWorld['pods'];

/** One pod of each node and each set of groups: the VPC treats the others alike. */
function firstOfEachNode(pods: Pods): Pods {
  const found = new Map<string, Pods[number]>();
  for (const pod of pods) {
    const key = `${pod.node} ${pod.securityGroups?.join() ?? ''}`;
    if (!found.has(key)) found.set(key, pod);
  }
  return [...found.values()];
}

const podEnd = ({ namespace, name }: Pods[number]): FlowEnd => ({ kind: 'pod', namespace, name });
