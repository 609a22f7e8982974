import { parseIp } from '../../model/address';
import { isDnsSubdomain } from '../schema/names';
import { type Shape, text } from '../schema/shape';

const FIX = 'write one like shop.example.com or *.example.com';

/** A host name, perhaps with `*.` in front, and not an address (Kubernetes: IngressRule.host). */
export const hostname: Shape<string> = text((value) => {
  const name = value.startsWith('*.') ? value.slice(2) : value;
  if (parseIp(name) !== undefined) {
    return { problem: `'${value}' is an address: only host names are allowed`, fix: FIX };
  }
  return nameProblem(value, name);
});

/** A host of an Ingress's `tls`: an address is allowed there, and no request has it as its name. */
export const tlsHost: Shape<string> = text((value) =>
  nameProblem(value, value.startsWith('*.') ? value.slice(2) : value),
);

function nameProblem(value: string, name: string) {
  if (isDnsSubdomain(name) && value.length <= 253) return undefined;
  return { problem: `'${value}' is not a valid host name`, fix: FIX };
}

/** A host name without a wildcard (Gateway API: PreciseHostname). */
export const preciseHostname: Shape<string> = text((value) =>
  isDnsSubdomain(value)
    ? undefined
    : { problem: `'${value}' is not a valid host name`, fix: 'write one like shop.example.com' },
);

/** The name of a header (RFC 9110: token; Gateway API: HTTPHeaderName). */
export const headerName: Shape<string> = text((value) =>
  /^[A-Za-z0-9!#$%&'*+\-.^_`|~]{1,256}$/.test(value)
    ? undefined
    : { problem: `'${value}' is not a valid header name`, fix: 'write one like x-canary' },
);

/** What is wrong with a path of characters (Gateway API: HTTPPathMatch; Kubernetes: Ingress). */
export function pathProblem(
  path: string,
): { readonly problem: string; readonly fix: string } | undefined {
  if (!path.startsWith('/')) {
    return { problem: `'${path}' is not an absolute path`, fix: `write /${path}` };
  }
  const wrong = ['//', '/./', '/../', '%2f', '%2F', '#'].find((one) => path.includes(one));
  if (wrong !== undefined) {
    return { problem: `'${path}' contains '${wrong}'`, fix: 'write the path that clients ask for' };
  }
  const tail = ['/..', '/.'].find((one) => path.endsWith(one));
  return tail === undefined
    ? undefined
    : { problem: `'${path}' ends in '${tail}'`, fix: 'write the path that clients ask for' };
}

/**
 * Why an expression is not one that RE2 takes, or nothing. RE2 has neither look-around nor
 * references to groups.
 */
export function expressionProblem(expression: string): string | undefined {
  if (/\(\?[=!<]|\\[1-9]/.test(expression.replace(/\(\?P?<[A-Za-z]/g, '('))) {
    return 'it uses look-around or a reference to a group, which RE2 does not have';
  }
  try {
    new RegExp(expression);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
