import type { Lab } from '../lab/format';
import { Failure } from '../model/problem';
import { findTool } from '../runtime/tool';

/** What this machine lacks for a lab, by name and with what to install; `undefined` where nothing. */
export function lackingFor({ id, needs = [] }: Lab<string>): Failure | undefined {
  const lacking = needs.filter(({ name }) => findTool(name) === undefined);
  if (lacking.length === 0) return undefined;
  const names = lacking.map(({ name }) => name).join(' and ');
  const packages = lacking.map((one) => one.package).join(' ');
  return new Failure(
    'no-program',
    `lab ${id} needs ${names}, which is not installed`,
    `apt-get install ${packages}`,
  );
}
