import type { Command, Plan } from '../commands/command';

/**
 * The same plan in namespaces of other names: `prefix` comes before each. A world planned so stands
 * beside another in one sandbox, and neither can reach the other.
 */
export const planUnder = (prefix: string, plan: Plan): Plan =>
  plan.map((command) => commandUnder(prefix, command));

function commandUnder(prefix: string, command: Command): Command {
  if (command.kind !== 'add-veth') return { ...command, netns: prefix + command.netns };
  const { a, b } = command;
  return {
    ...command,
    a: { ...a, netns: prefix + a.netns },
    b: { ...b, netns: prefix + b.netns },
  };
}
