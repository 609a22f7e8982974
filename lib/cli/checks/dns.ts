import { netnsOf } from '../../dataplane/names';
import type { DnsCheck } from '../../lab/check';
import { type CheckResult, right, wrong } from '../../lab/check-result';
import type { Endpoint } from '../../model/world';
import type { Lookup, Resolution } from '../../runtime/resolve';
import { addressesOf, type CheckContext, endpointsOf } from './context';

/** Silence from a DNS server that counts as no answer, in milliseconds. */
const SILENCE_MS = 300;

/** Resolves a name from inside the first endpoint of the check's `from`, as a program there would. */
export async function checkDns(check: DnsCheck, context: CheckContext): Promise<CheckResult> {
  const [from] = endpointsOf(check.from, context.scope);
  if (from === undefined) return nobody(check);
  const resolution = await context.local.sandbox.resolve({
    netns: netnsOf(from),
    name: check.name,
    type: 'A',
    timeoutMs: SILENCE_MS,
  });
  const last = resolution.at(-1);
  const saw = `${nameOf(from)} asked for ${resolution.map(lookupText).join(', then ')}`;
  if (last !== undefined && isExpected(check, last, context)) return right(check, saw);
  return wrong(check, {
    saw,
    means: meaning(resolution),
    look: `lab exec ${nameOf(from)} -- getent ahostsv4 ${check.name}`,
  });
}

function isExpected({ expect }: DnsCheck, last: Lookup, { scope }: CheckContext): boolean {
  const records = last.kind === 'answered' ? last.records : [];
  switch (expect.kind) {
    case 'addresses-of': {
      const wanted = expect.ends.flatMap((name) => addressesOf(name, scope)).toSorted();
      const got = records
        .filter(({ type }) => type === 'A')
        .map(({ data }) => data)
        .toSorted();
      return wanted.length > 0 && JSON.stringify(wanted) === JSON.stringify(got);
    }
    case 'alias':
      return records.some(({ type, data }) => type === 'CNAME' && data === expect.target);
    case 'no-such-name':
      return last.kind === 'no-name' || last.kind === 'no-data';
    case 'no-answer':
      return last.kind === 'timed-out';
  }
}

function meaning(resolution: Resolution): string {
  switch (resolution.at(-1)?.kind) {
    case 'timed-out':
      return 'no DNS server answered: the query or its reply was dropped, before any other flow';
    case 'no-name':
    case 'no-data':
      return 'the DNS server answered, and knows no such name';
    case 'answered':
      return 'the name exists and stands for something else';
    default:
      return 'the DNS server could not be asked';
  }
}

function lookupText(lookup: Lookup): string {
  if (lookup.kind !== 'answered') return `${lookup.name} (${lookup.kind})`;
  return `${lookup.name} (${lookup.records.map(({ data }) => data).join(', ')})`;
}

const nameOf = (endpoint: Endpoint): string =>
  endpoint.kind === 'pod' ? `${endpoint.namespace}/${endpoint.name}` : endpoint.name;

const nobody = (check: DnsCheck): CheckResult =>
  wrong(check, {
    saw: 'nobody to ask from',
    means: `nothing is called ${check.from} now`,
    look: 'lab matrix',
  });
