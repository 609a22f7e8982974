import { fstatSync } from 'node:fs';
import type { Netns, Plan } from '../../dataplane/commands/command';
import { netnsOf, nodeNetns } from '../../dataplane/commands/names';
import type { Ip } from '../../model/address';
import type { PodEndpoint } from '../../model/world';
import type { Attachment } from '../cni/spec/call';
import type { PodName } from '../cni/spec/lab-request';
import type { Namespaces } from '../kernel/namespaces';
import { missingFrom } from '../kernel/still-laid';
import { type Survey, survey } from '../kernel/survey';
import type { Executor } from './execute';
import type { Contained, Shown } from './protocol';

/** A runtime's container that is a pod of the lab. */
export interface RuntimeContainer extends PodName {
  readonly attachment: Attachment;
  /** The runtime's name of the network. */
  readonly network: string;

  /** The node on which the runtime stands. */
  readonly node: string;
}

/** How a pod is wired: exactly as the lab wires its own. */
export interface PodWiring {
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
  /** Is this the number of the container's own network namespace? */
  isPlace(container: RuntimeContainer, number: number): boolean;
  /** Addresses that the shown world gives a container. */
  addresses(container: RuntimeContainer): readonly Ip[];
  /** Every container that entered and has not left, by what it is. */
  filter(wanted: (container: RuntimeContainer) => boolean): readonly RuntimeContainer[];
  /** Who of them is a pod of the world now. */
  list(): readonly Contained[];
  /** Puts a container in its pod's place; where that fails the lab's own stand-in is there again. */
  enter(container: RuntimeContainer, pod: PodEndpoint, fd: number): Promise<PodWiring>;
  /** Gives the place back. Where the world has the pod no more, nothing takes it. */
  leave(container: RuntimeContainer): Promise<void>;
  /** What the kernel has in a container's namespace; `undefined` where that is gone. */
  found(container: RuntimeContainer): Survey | undefined;
  /** What is not as the shown world wants it, in words. */
  missing(container: RuntimeContainer): readonly string[];
}

/** What the parts of `createContainers` share. */
interface ContainerState {
  readonly namespaces: Namespaces;
  readonly executor: Executor;
  readonly inside: Map<Netns, RuntimeContainer>;
  shown: Shown | undefined;
}

/** Starts without a world and without containers. */
export function createContainers(context: {
  readonly namespaces: Namespaces;
  readonly executor: Executor;
}): Containers {
  const state: ContainerState = { ...context, inside: new Map(), shown: undefined };
  return { ...questionsOf(state), ...movesOf(state) };
}

type Questions = Omit<Containers, 'enter' | 'leave' | 'show'>;

/** What is known of containers. */
const questionsOf = (state: ContainerState): Questions => {
  const { namespaces, inside } = state;
  const hasNumber = (netns: Netns, number: number): boolean =>
    namespaces.has(netns) && fstatSync(namespaces.fd(netns)).ino === number;
  return {
    pods: () => podsShown(state),
    isNode: (node, number) => hasNumber(nodeNetns(node), number),
    isPlace: (container, number) => hasNumber(podNetns(container), number),
    addresses: (container) => podOf(state, container)?.addresses ?? [],
    filter: (wanted) => [...inside.values()].filter(wanted),
    list: () =>
      [...inside.values()]
        .filter((container) => namespaces.has(podNetns(container)))
        .map(({ namespace, name, attachment: { containerId } }) => {
          return { namespace, name, containerId };
        }),
    found(container) {
      const netns = podNetns(container);
      return namespaces.has(netns) ? namespaces.enter(netns, survey) : undefined;
    },
    missing(container) {
      const [pod, netns] = [podOf(state, container), podNetns(container)];
      if (pod === undefined || !namespaces.has(netns)) return [`${netns} in the world`];
      const { add } = plansOf(state, pod);
      return [netns, nodeNetns(pod.node)].flatMap((place) =>
        namespaces.enter(place, () => missingFrom(survey(), add, place)),
      );
    },
  };
};

/** How containers come and go. */
const movesOf = (state: ContainerState): Pick<Containers, 'enter' | 'leave' | 'show'> => {
  const { namespaces, inside } = state;
  return {
    show: (next) => {
      state.shown = next;
    },
    async enter(container, pod, fd) {
      const { remove, add } = plansOf(state, pod);
      const netns = netnsOf(pod);
      await run(state, remove);
      namespaces.adopt(netns, fd);
      try {
        await run(state, add);
      } catch (error) {
        await giveBack(state, netns, pod);
        throw error;
      }
      inside.set(netns, container);
      return { pod, netns, plan: add };
    },
    async leave(container) {
      inside.delete(podNetns(container));
      await giveBack(state, podNetns(container), podOf(state, container));
    },
  };
};

const podsShown = ({ shown }: ContainerState): readonly PodEndpoint[] | undefined =>
  shown?.world.pods.filter((pod) => !pod.hostNetwork);

const podOf = (state: ContainerState, name: PodName): PodEndpoint | undefined =>
  podsShown(state)?.find((pod) => netnsOf(pod) === podNetns(name));

const plansOf = ({ shown }: ContainerState, pod: PodEndpoint) =>
  shown === undefined ? NOTHING : loadPlan().planPod(shown.world, pod, shown);

const run = ({ executor }: ContainerState, plan: Plan): Promise<void> =>
  executor.run(plan, () => undefined);

/** Puts the lab's own stand-in in the container's place; none where the world has the pod no more. */
async function giveBack(
  state: ContainerState,
  netns: Netns,
  pod: PodEndpoint | undefined,
): Promise<void> {
  const { remove, add } = pod === undefined ? NOTHING : plansOf(state, pod);
  await run(state, [...remove, { kind: 'remove-netns', netns }]);
  state.namespaces.abandon(netns);
  await run(state, add);
}

const NOTHING = { remove: [], add: [] } as const;

const podNetns = ({ namespace, name }: PodName): Netns => `pod/${namespace}/${name}`;

/** The compiler is loaded by labs whose pods become containers: the others start without it. */
const loadPlan = () => require('../../dataplane/plan') as typeof import('../../dataplane/plan');
