import type { DnsCheck } from '../lab/check';
import { type CheckResult, right, wrong } from '../lab/check-result';
import { judged } from './judged';
import type { ResolvedName, Target } from './target';

/** Resolves a name from inside the first end of the check's `from`. */
export async function checkDns(check: DnsCheck, target: Target): Promise<CheckResult> {
  const answer = await target.resolve(check.from, check.name);
  const addresses = await wantedAddresses(check, target);
  return judged(check, answer, (name) => {
    if (isExpected(check, name, addresses)) return right(check, name.saw);
    const means = `${MEANING[name.kind]}; expected ${expectedText(check, addresses)}`;
    return wrong(check, { saw: name.saw, means, look: name.look });
  });
}

async function wantedAddresses({ expect }: DnsCheck, target: Target): Promise<readonly string[]> {
  if (expect.kind !== 'addresses-of') return [];
  return (await Promise.all(expect.ends.map(target.addressesOf))).flat();
}

function isExpected(
  { expect }: DnsCheck,
  name: ResolvedName,
  addresses: readonly string[],
): boolean {
  switch (expect.kind) {
    case 'addresses-of':
      return addresses.length > 0 && sameMembers(addresses, name.addresses);
    case 'alias':
      return name.aliases.includes(expect.target.replace(/\.$/, ''));
    case 'no-such-name':
      return name.kind === 'no-name';
    case 'no-answer':
      return name.kind === 'no-answer';
  }
}

function expectedText({ expect }: DnsCheck, addresses: readonly string[]): string {
  switch (expect.kind) {
    case 'addresses-of':
      return addresses.length === 0
        ? `an address of ${expect.ends.join(', ')}`
        : addresses.join(' ');
    case 'alias':
      return `an alias of ${expect.target}`;
    case 'no-such-name':
      return 'no such name';
    case 'no-answer':
      return 'no answer';
  }
}

const sameMembers = (a: readonly string[], b: readonly string[]): boolean =>
  a.toSorted().join(' ') === b.toSorted().join(' ');

const MEANING: Readonly<Record<ResolvedName['kind'], string>> = {
  resolved: 'the name exists and stands for something else',
  'no-name': 'the DNS server answered that there is no such name',
  'no-answer': 'no DNS server answered: the query or its reply was dropped, before any other flow',
  failed: 'the DNS server could not be queried',
};
