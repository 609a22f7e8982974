import type { PluginCapability, PluginVerdict } from '../model/plugin-capability';

/** A CNI plugin that the learner wrote does what a runtime asks of it. Judged by calling it (`bin/cni-judge`). */
export interface PluginFact {
  readonly kind: 'plugin';
  /** The executable. */
  readonly path: string;
  readonly does: PluginCapability;
}

/** Name of the program that judges a plugin; a target knows where it is. */
export const CNI_JUDGE = 'cni-judge';

const ABOUT: Readonly<Record<PluginCapability, string>> = {
  version: 'VERSION, and an error for an unknown command',
  add: 'ADD: interface, address, route and result',
  delete: 'DEL: everything gone, again and again, the address free',
  check: 'CHECK: finds each kind of damage',
  status: 'STATUS: ready, and not ready',
  collect: 'GC: frees what crashed, keeps what is valid',
  parallel: 'twenty ADDs at the same moment',
};

/** What is asked of the plugin, in a line. */
export const pluginTitle = ({ path, does }: PluginFact): string => `${path}: ${ABOUT[does]}`;

/** Reads what the judge printed. */
export function readVerdict(output: string): PluginVerdict {
  const line = output.trim().split('\n').at(-1) ?? '';
  if (line.startsWith('{')) return JSON.parse(line) as PluginVerdict;
  return {
    right: false,
    saw: 'the judge of plugins did not answer',
    means: 'the plugin may not have ended',
    look: 'call the plugin by hand',
  };
}
