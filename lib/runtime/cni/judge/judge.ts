import { accessSync, constants } from 'node:fs';
import type { PluginCapability, PluginVerdict } from '../../../model/plugin-capability';
import { tryAdd } from './add';
import { withBench } from './bench';
import { tryCheck } from './check';
import { tryCollect } from './collect';
import { tryDelete } from './delete';
import { wrong } from './look';
import { tryParallel } from './parallel';
import { tryStatus, tryVersion } from './say';
import type { PluginTrial } from './trial';

/** A trial for each capability, and the subnet it gives to the plugin. */
const TRIALS: Readonly<
  Record<PluginCapability, { readonly subnet: string; readonly trial: PluginTrial }>
> = {
  version: { subnet: '10.61.0.0/24', trial: tryVersion },
  add: { subnet: '10.62.7.0/24', trial: tryAdd },
  delete: { subnet: '10.63.3.0/29', trial: tryDelete },
  check: { subnet: '10.64.9.0/24', trial: tryCheck },
  status: { subnet: '10.65.0.0/24', trial: tryStatus },
  collect: { subnet: '10.66.4.0/29', trial: tryCollect },
  parallel: { subnet: '10.67.0.0/24', trial: tryParallel },
};

/**
 * Judges one capability of a plugin: calls it as a container runtime does (CNI specification 1.1), in namespaces
 * and with a configuration made for this trial, and looks at what it did to the kernel.
 * @param plugin path of an executable
 */
export async function judgePlugin(
  capability: PluginCapability,
  plugin: string,
): Promise<PluginVerdict> {
  try {
    accessSync(plugin, constants.X_OK);
  } catch {
    return wrong(`${plugin} is not an executable file`, 'write it there', `chmod +x ${plugin}`);
  }
  const { subnet, trial } = TRIALS[capability];
  return withBench({ plugin, subnet }, (bench) => trial(bench, subnet));
}
