import { fieldOf, isObject } from './fields';
import type { CniDns, CniResult } from './result';

const isTexts = (value: unknown): boolean =>
  Array.isArray(value) && value.every((one) => typeof one === 'string');

/** The `dns` of a configuration (types.DNS of the CNI project); absent is empty. */
export function readDns(value: unknown, problems: string[]): CniDns {
  if (value === undefined) return {};
  const fields = isObject(value) ? value : undefined;
  const lists = ['nameservers', 'search', 'options'];
  const wrong = lists.filter((name) => {
    const list = fields === undefined ? undefined : fieldOf(fields, name);
    return list !== undefined && !isTexts(list);
  });
  const domain = fields === undefined ? undefined : fieldOf(fields, 'domain');
  if (fields === undefined) problems.push('dns: must be an object');
  if (domain !== undefined && typeof domain !== 'string')
    problems.push('dns.domain: must be a text');
  problems.push(...wrong.map((name) => `dns.${name}: must be a list of texts`));
  return (fields ?? {}) as CniDns;
}

/** The result of the plugins before this one, or of ADD; absent where there is none. */
export function readPrevResult(value: unknown, problems: string[]): CniResult | undefined {
  if (value === undefined) return undefined;
  if (!isObject(value)) {
    problems.push('prevResult: must be an object');
    return undefined;
  }
  const before = problems.length;
  needList(value.interfaces, { path: 'prevResult.interfaces', text: 'name', problems });
  needList(value.ips, { path: 'prevResult.ips', text: 'address', problems });
  needList(value.routes, { path: 'prevResult.routes', text: 'dst', problems });
  if (problems.length > before) return undefined;
  const { interfaces, ips, routes, ...rest } = value;
  return {
    ...rest,
    ...(Array.isArray(interfaces) && { interfaces }),
    ...(Array.isArray(ips) && { ips }),
    ...(Array.isArray(routes) && { routes }),
  } as CniResult;
}

function needList(
  value: unknown,
  at: { readonly path: string; readonly text: string; readonly problems: string[] },
): void {
  const isList =
    value === undefined ||
    value === null ||
    (Array.isArray(value) &&
      value.every((one) => isObject(one) && typeof one[at.text] === 'string'));
  if (!isList) at.problems.push(`${at.path}: must be a list of objects that have ${at.text}`);
}
