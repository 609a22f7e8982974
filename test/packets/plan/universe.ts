import type { Netns, Plan } from '../../../lib/dataplane/commands/command';
import type { Observation, Probe } from '../../../lib/dataplane/probe';

/**
 * The same plan in namespaces of another name. No cable leads from one universe to another, so
 * worlds with the same addresses stand side by side in one sandbox and are tried together.
 */
export const inUniverse = (universe: string, plan: Plan): Plan =>
  plan.map((command) =>
    command.kind === 'add-veth'
      ? {
          ...command,
          a: { ...command.a, netns: named(universe, command.a.netns) },
          b: { ...command.b, netns: named(universe, command.b.netns) },
        }
      : { ...command, netns: named(universe, command.netns) },
  );

export const probeIn = (universe: string, probe: Probe): Probe => ({
  ...probe,
  netns: named(universe, probe.netns),
});

/**
 * What was seen, by the rules of this universe alone: tens of thousands of traced probes use each
 * source port again within seconds, and elsewhere a server may still repeat an answer to it.
 */
export const seenIn = (
  universe: string,
  observation: Observation | undefined,
): Observation | undefined =>
  observation && {
    ...observation,
    trace: observation.trace.filter(({ netns }) => netns.startsWith(`${universe}/`)),
  };

const named = (universe: string, netns: Netns): Netns => `${universe}/${netns}`;
