import type { Command, Plan } from '../commands/command';
import { macOf } from '../commands/names';

/** A device that becomes a bridge's port. */
export interface Port {
  readonly netns: string;
  readonly device: string;
  readonly bridge: string;
}

/** The same cable as a port of a bridge: what was said of the device is said of the bridge. */
export const onBridge = (plan: Plan, port: Port): Plan =>
  plan.flatMap((command) => moved(command, port));

function moved(command: Command, port: Port): Plan {
  const { netns, device, bridge } = port;
  if (command.kind === 'add-neighbour' && command.mac === macOf(netns, device)) {
    return [{ ...command, mac: macOf(netns, bridge) }];
  }
  if (!('netns' in command) || command.netns !== netns) return [command];
  if (command.kind === 'set-link' && command.device === device) {
    return [{ kind: 'set-master', netns, device, bridge }, command];
  }
  if (command.kind === 'add-neighbour' && command.device === device) {
    return [{ ...command, device: bridge }];
  }
  if (command.kind === 'add-route' && command.hop.kind === 'link') {
    return [{ ...command, hop: { kind: 'link', device: bridge } }];
  }
  return [command];
}
