import { fstatSync } from 'node:fs';
import type { Attachment } from '../cni/call';
import type { PodName } from '../cni/lab-request';
import type { Netns, Plan } from '../dataplane/command';
import { netnsOf, nodeNetns } from '../dataplane/names';
import type { PodEndpoint } from '../model/world';
import type { Executor } from './execute';
import type { Namespaces } from './namespaces';
import type { Contained, Shown } from './protocol';
import { missingFrom } from './still-laid';
import { survey } from './survey';

/** A runtime's container that is a pod of the lab. */
export interface Container extends PodName {
  readonly attachment: Attachment;
  /** The runtime's name of the network. */
  readonly network: string;

  /** The node on which the runtime stands. */
  readonly node: string;
}

/** How a pod is wired: exactly as the lab wires its own. */
export interface Place {
  readonly pod: PodEndpoint;
  readonly netns: Netns;
  readonly plan: Plan;
}

/**
 * Pods of the shown world that are containers of a runtime. The world stays the only description:
 * a pod of it gives its place to a container (its address, its cable, every rule that knows it),
 * and the lab's own stand-in comes back when the container goes.
 */
export interface Containers {
  /** The world that is shown from now on. */
  show(shown: Shown): void;
  /** Pods with a namespace of their own; `undefined` before a world is shown. */
  pods(): readonly PodEndpoint[] | undefined;
  /** Is this the number of the node's network namespace? */
  isNode(node: string, number: number): boolean;
  /** Everybody who entered and has not left, by what they are. */
  filter(wanted: (container: Container) => boolean): readonly Container[];
  /** Who of them is a pod of the world now. */
  list(): readonly Contained[];
  /** Puts a container in its pod's place; where that fails the lab's own stand-in is there again. */
  enter(container: Container, pod: PodEndpoint, fd: number): Promise<Place>;
  /** Gives the place back. Where the world has the pod no more, nothing takes it. */
  leave(container: Container): Promise<void>;
  /** What is not as the shown world wants it, in words. */
  missing(container: Container): readonly string[];
}

/** No world yet, and nobody in it. */
export function createContainers(workshop: {
  readonly namespaces: Namespaces;
  readonly executor: Executor;
}): Containers {
  const { namespaces, executor } = workshop;
  const inside = new Map<Netns, Container>();
  let shown: Shown | undefined;
  const run = (plan: Plan): Promise<void> => executor.run(plan, () => undefined);
  const pods = () => shown?.world.pods.filter((pod) => !pod.hostNetwork);
  const podOf = (name: PodName) => pods()?.find((pod) => netnsOf(pod) === podNetns(name));
  const plansOf = (pod: PodEndpoint) =>
    shown === undefined ? NOTHING : loadPlan().planPod(shown.world, pod, shown);
  const giveBack = async (netns: Netns, pod: PodEndpoint | undefined): Promise<void> => {
    const { remove, add } = pod === undefined ? NOTHING : plansOf(pod);
    await run([...remove, { kind: 'remove-netns', netns }]);
    namespaces.abandon(netns);
    await run(add);
  };

  return {
    show: (next) => {
      shown = next;
    },
    pods,
    isNode(node, number) {
      const netns = nodeNetns(node);
      return namespaces.has(netns) && fstatSync(namespaces.fd(netns)).ino === number;
    },
    filter: (wanted) => [...inside.values()].filter(wanted),
    list: () =>
      [...inside.values()]
        .filter((container) => namespaces.has(podNetns(container)))
        .map(({ namespace, name, attachment: { containerId } }) => {
          return { namespace, name, containerId };
        }),
    async enter(container, pod, fd) {
      const { remove, add } = plansOf(pod);
      const netns = netnsOf(pod);
      await run(remove);
      namespaces.adopt(netns, fd);
      try {
        await run(add);
      } catch (error) {
        await giveBack(netns, pod);
        throw error;
      }
      inside.set(netns, container);
      return { pod, netns, plan: add };
    },
    async leave(container) {
      inside.delete(podNetns(container));
      await giveBack(podNetns(container), podOf(container));
    },
    missing(container) {
      const [pod, netns] = [podOf(container), podNetns(container)];
      if (pod === undefined || !namespaces.has(netns)) return [`${netns} in the world`];
      const { add } = plansOf(pod);
      return [netns, nodeNetns(pod.node)].flatMap((place) =>
        namespaces.enter(place, () => missingFrom(survey(), add, place)),
      );
    },
  };
}

const NOTHING = { remove: [], add: [] } as const;

const podNetns = ({ namespace, name }: PodName): Netns => `pod/${namespace}/${name}`;

/** The compiler is loaded by labs whose pods become containers: the others start without it. */
const loadPlan = () => require('../dataplane/plan') as typeof import('../dataplane/plan');
