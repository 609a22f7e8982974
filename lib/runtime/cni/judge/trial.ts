import type { PluginVerdict } from '../../../model/plugin-capability';
import type { PluginBench } from './bench';

/** Tries one capability of a plugin on a bench with this subnet. */
export type PluginTrial = (bench: PluginBench, subnet: string) => Promise<PluginVerdict>;
