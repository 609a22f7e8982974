import { netnsOf } from '../dataplane/names';
import type { Lab } from '../lab/format';
import { Failure } from '../model/problem';
import type { Endpoint } from '../model/world';
import type { Sandbox } from '../runtime/sandbox';
import { parseEnd } from '../snapshot/ends';
import { isAt } from './checks/context';
import { stageWorld } from './lab-world';
import { inSandboxOf, type RunningLab } from './running';

/** A network namespace of a running lab, and the sandbox that holds it. */
export interface Place {
  readonly sandbox: Sandbox;
  readonly netns: string;
}

/** Uses the place in a running lab that a person named: a pod, a node, somebody outside, a machine. */
export const inPlace = <T>(
  { name, lab: named }: { readonly name: string; readonly lab: string | undefined },
  use: (place: Place) => Promise<T>,
): Promise<T> =>
  inSandboxOf(named, async (sandbox, lab, running) => {
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
  throw new Failure('no-machine', `no machine is called '${name}'`, `use ${namespaces.join(', ')}`);
}

function namespaceOf(name: string, lab: Lab<string>, running: RunningLab): string {
  const world = stageWorld(lab, running.stage, running);
  // A node may be called by its name alone: nothing but a place is asked for here.
  const isNode = world.nodes.some((node) => node.name === name);
  const end = parseEnd(isNode ? `node:${name}` : name, world);
  if ('problem' in end) throw new Failure('unknown-end', end.problem, end.fix);
  const all: readonly Endpoint[] = [...world.pods, ...world.nodes, ...world.outside];
  const found = all.find((endpoint) => isAt(endpoint, end));
  if (found !== undefined) return netnsOf(found);
  throw new Failure('no-namespace', `${name} has no network namespace`, 'name a pod or a node');
}
