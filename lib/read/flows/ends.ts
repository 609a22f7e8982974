import { type Ip, parseIp } from '../../model/address';
import type { FlowEnd } from '../../model/flow';
import { interfacesNamed } from '../../model/interface';
import { likely } from '../../model/nearest';
import type { World } from '../../model/world';
import { listed } from '../schema/listed';
import { directoryOf, fullName, type Named } from './directory';

/** Why a text names no endpoint, and what to write instead. */
export interface Unnamed {
  readonly problem: string;
  readonly fix: string;
}

const FORMS = 'ns/pod, svc:ns/name, node:name, eni:name, ip:1.2.3.4 or internet';

/**
 * The end that a text names: `ns/pod`, `svc:ns/name`, `node:name`, `ip:1.2.3.4`, `internet`, or in
 * short `ns/workload` (its first pod), and without `ns/` what only one namespace has. A machine outside
 * is named as its lab calls it.
 */
export function parseEnd(text: string, world: World): FlowEnd | Unnamed {
  const [, scheme, rest = ''] = /^(svc|node|ip|pod|eni|control-plane):(.*)$/.exec(text) ?? [];
  switch (scheme) {
    case undefined:
      return text === 'internet' ? { kind: 'internet' } : podEnd(text, world);
    case 'pod':
      return podEnd(rest, world);
    case 'svc':
      return serviceEnd(rest, world);
    case 'node':
      return nodeEnd(rest, world);
    case 'eni':
      return interfaceEnd(rest, world);
    case 'control-plane':
      return controlPlaneEnd(rest, world);
    default:
      return ipEnd(rest);
  }
}

function ipEnd(text: string): FlowEnd | Unnamed {
  const address = parseIp(text.replace(/^\[(.*)\]$/, '$1'));
  return address === undefined
    ? { problem: `'${text}' is not an IP address`, fix: 'write one like ip:10.0.0.1' }
    : { kind: 'ip', address };
}

function nodeEnd(name: string, world: World): FlowEnd | Unnamed {
  const { nodes } = directoryOf(world);
  return nodes.has(name)
    ? { kind: 'node', name }
    : missing(`there is no node '${name}'`, { wanted: name, names: [...nodes], prefix: 'node:' });
}

/** Without a template no interface is known; with one, a machine's name means its one, or all of several. */
function interfaceEnd(name: string, { vpcs }: World): FlowEnd | Unnamed {
  const [found, ...others] = interfacesNamed(vpcs, name);
  if (found !== undefined) return { kind: 'eni', name: others.length === 0 ? found.id : name };
  const lost = vpcs.flatMap(({ unplaced = [] }) => unplaced).find((what) => what.startsWith(name));
  if (lost !== undefined) {
    const why = `interface '${name}' stands nowhere: ${lost}`;
    return { problem: why, fix: 'give the value that says where it stands' };
  }
  const problem = `there is no interface '${name}'`;
  if (vpcs.length === 0) return { problem, fix: 'give the template that makes it (--template)' };
  const names = vpcs.flatMap(({ interfaces }) => interfaces.map(({ id }) => id));
  return missing(problem, { wanted: name, names, prefix: 'eni:' });
}

/** The interfaces of a cluster's control plane: its API server calls from them and answers there. */
function controlPlaneEnd(cluster: string, world: World): FlowEnd | Unnamed {
  const own = world.vpcs
    .flatMap(({ interfaces }) => interfaces)
    .filter(({ owner }) => owner.kind === 'control-plane')
    .map(({ id }) => id.replace(/\/[^/]*$/, ''));
  if (own.includes(cluster)) return interfaceEnd(cluster, world);
  const problem = `there is no cluster '${cluster}' with a control plane in a VPC`;
  if (own.length === 0) return { problem, fix: 'give the template of the cluster (--template)' };
  return missing(problem, { wanted: cluster, names: own, prefix: 'control-plane:' });
}

function serviceEnd(text: string, world: World): FlowEnd | Unnamed {
  const { services } = directoryOf(world);
  const [first, ...others] = services.get(text) ?? [];
  const unread = leftOutNamed(world, text, /^Service /);
  if (first === undefined && unread !== undefined) return { kind: 'service', ...unread };
  if (first === undefined) {
    const names = sameForm(services.keys(), text);
    return missing(`there is no service '${text}'`, { wanted: text, names, prefix: 'svc:' });
  }
  return others.length > 0
    ? ambiguous(text, [first, ...others], 'svc:')
    : { kind: 'service', ...first };
}

/** A workload stands for its first pod: all of them carry the same labels. */
function podEnd(text: string, world: World): FlowEnd | Unnamed {
  const { pods, workloads, services } = directoryOf(world);
  const [first, ...others] = pods.get(text) ?? workloads.get(text) ?? [];
  if (first !== undefined) {
    return others.length > 0 ? ambiguous(text, [first, ...others], '') : { kind: 'pod', ...first };
  }
  const [service] = services.get(text) ?? [];
  if (service !== undefined) {
    const problem = `'${text}' is a service, and no pod or workload`;
    return { problem, fix: `write svc:${fullName(service)}` };
  }
  const address = outsideAddress(text, world);
  if (address !== undefined) return { kind: 'ip', address };
  const unread = leftOutNamed(
    world,
    text,
    /^(Pod|Deployment|StatefulSet|DaemonSet|ReplicaSet|Job|CronJob) /,
  );
  if (unread !== undefined) return { kind: 'pod', ...unread };
  const names = sameForm([...workloads.keys(), ...pods.keys()], text);
  return missing(`there is no pod '${text}'`, { wanted: text, names, prefix: '' });
}

/** An object that was left out and has the name, or whose pods may have it (`web-0` of `web`). */
function leftOutNamed({ leftOut = [] }: World, text: string, kinds: RegExp): Named | undefined {
  const [, namespace, name = ''] = /^(?:([^/]+)\/)?([^/]+)$/.exec(text) ?? [];
  const found = leftOut
    .filter(({ object }) => kinds.test(object))
    .map(({ object }) => object.replace(kinds, ''));
  const owner = found.find((one) => {
    const [home, own = ''] = one.split('/');
    const isHome = namespace === undefined || namespace === home;
    return isHome && (own === name || (!kinds.test('Service ') && name.startsWith(`${own}-`)));
  });
  return owner === undefined ? undefined : { namespace: owner.split('/')[0] ?? '', name };
}

/** Address of a machine outside that the lab calls so. */
const outsideAddress = (name: string, { outside }: World): Ip | undefined =>
  outside.find((one) => one.name === name)?.addresses[0];

/** Of the names those with a namespace, or those without, as the text has it. */
const sameForm = (names: Iterable<string>, text: string): readonly string[] =>
  [...names].filter((name) => name.includes('/') === text.includes('/'));

interface Wanted {
  readonly wanted: string;
  readonly names: readonly string[];
  readonly prefix: string;
}

function missing(problem: string, { wanted, names, prefix }: Wanted): Unnamed {
  const unique = [...new Set(names)];
  const meant = likely(wanted, unique);
  if (meant !== undefined) return { problem, fix: `write ${prefix}${meant}` };
  return {
    problem,
    fix: unique.length === 0 ? `use ${FORMS}` : `use one of ${listed(unique)} (${FORMS})`,
  };
}

const ambiguous = (text: string, found: readonly Named[], prefix: string): Unnamed => ({
  problem: `'${text}' is in several namespaces`,
  fix: `write ${found.map((one) => prefix + fullName(one)).join(' or ')}`,
});
