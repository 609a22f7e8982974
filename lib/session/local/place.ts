import { netnsOf } from '../../dataplane/commands/names';
import type { Lab } from '../../lab/format';
import { Failure } from '../../model/problem';
import type { Endpoint } from '../../model/world';
import { parseEnd } from '../../read/flows/ends';
import type { Sandbox } from '../../runtime/sandbox/sandbox';
import { isAt } from '../../targets/local/endpoints';
import { stageWorld } from '../lab-world';
import type { RunningLab } from '../types';
import { withAttachedLab } from './open';

/** A network namespace of a running lab, and the sandbox that holds it. */
export interface LabPlace {
  readonly sandbox: Sandbox;
  readonly netns: string;
}

/** Uses the network namespace of a pod, a node, an outside host or a machine of a running lab. */
export const withPlace = <T>(
  { name, lab: named }: { readonly name: string; readonly lab: string | undefined },
  use: (place: LabPlace) => Promise<T>,
): Promise<T> =>
  withAttachedLab(named, async ({ sandbox, lab, running }) => {
    const netns =
      lab.environment.kind === 'linux'
        ? await machineNamed(name, sandbox)
        : namespaceOf(name, lab, running);
    return use({ sandbox, netns });
  });

/** A machine of a Linux lab, the learner's own namespaces among them. */
async function machineNamed(name: string, sandbox: Sandbox): Promise<string> {
  const { namespaces } = await sandbox.describe();
  if (namespaces.includes(name)) return name;
  // What `ip netns add` made stands under /run/netns; the sandbox takes it up by that name.
  const { code } = await sandbox.exec(name, ['true']).catch(() => ({ code: 1 }));
  if (code === 0) return name;
  throw new Failure(
    'no-machine',
    `no machine has the name '${name}'`,
    `use ${namespaces.join(', ')}`,
  );
}

function namespaceOf(name: string, lab: Lab<string>, running: RunningLab): string {
  const world = stageWorld(lab, running.stage, running);
  // Here a node may be given by its name alone, without `node:`.
  const isNode = world.nodes.some((node) => node.name === name);
  const end = parseEnd(isNode ? `node:${name}` : name, world);
  if ('problem' in end) throw new Failure('unknown-end', end.problem, end.fix);
  const all: readonly Endpoint[] = [...world.pods, ...world.nodes, ...world.outside];
  const found = all.find((endpoint) => isAt(endpoint, end));
  if (found !== undefined) return netnsOf(found);
  throw new Failure('no-namespace', `${name} has no network namespace`, 'name a pod or a node');
}
