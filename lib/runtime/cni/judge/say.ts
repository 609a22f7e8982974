import { ended, parsed, refusalProblem, right, wrong } from './look';
import type { PluginTrial } from './trial';

/** VERSION names the versions that the plugin speaks, and another command is refused with an error. */
export const tryVersion: PluginTrial = async (bench) => {
  const asked = bench.call({ command: 'VERSION', config: { cniVersion: '1.1.0' } });
  if (asked.code !== 0) return wrong(ended('VERSION', asked), 'it must succeed', 'section VERSION');
  const answer = parsed(asked.stdout);
  const versions: readonly unknown[] = Array.isArray(answer?.supportedVersions)
    ? answer.supportedVersions
    : [];
  if (answer === undefined || typeof answer.cniVersion !== 'string' || versions.length === 0)
    return wrong(
      `it printed ${asked.stdout.trim().slice(0, 120) || 'nothing'}`,
      'JSON with cniVersion and supportedVersions, a list of texts',
      'section VERSION',
    );
  if (!versions.includes('1.0.0') && !versions.includes('1.1.0'))
    return wrong(`it speaks ${versions.join(', ')}`, 'runtimes ask for 1.0.0 or 1.1.0', 'VERSION');
  const unknown = bench.call({ command: 'DANCE', pod: 'nowhere', config: bench.config() });
  return refusalProblem('an unknown command', unknown) ?? right(`it speaks ${versions.join(', ')}`);
};

/** STATUS succeeds where an ADD could, and fails where the configuration lacks the subnet. */
export const tryStatus: PluginTrial = async (bench, subnet) => {
  const ready = bench.call({ command: 'STATUS', config: bench.config() });
  if (ready.code !== 0)
    return wrong(ended('STATUS', ready), 'the plugin is ready: it must succeed', 'section STATUS');
  if (ready.stdout.trim() !== '')
    return wrong('STATUS printed something', 'success prints nothing', 'section STATUS');
  const lacking = bench.call({ command: 'STATUS', config: bench.config({ subnet: undefined }) });
  const problem = refusalProblem('STATUS without a subnet in the configuration', lacking);
  return problem ?? right(`ready for ${subnet}, and not without it`);
};
