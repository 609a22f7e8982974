import type { Netns, Plan } from '../../lib/dataplane/command';
import type { Probe } from '../../lib/dataplane/probe';

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

const named = (universe: string, netns: Netns): Netns => `${universe}/${netns}`;
