import { missing, type ResolvedName, type TargetAnswer } from '../../checks/target';
import { netnsOf } from '../../dataplane/commands/names';
import type { NameScope } from '../../lab/resolve';
import type { Lookup } from '../../runtime/probes/resolve';
import type { Sandbox } from '../../runtime/sandbox/sandbox';
import { endpointName, endpointsOf } from './endpoints';

/** Silence from a DNS server that counts as no answer, in milliseconds. */
const SILENCE_MS = 300;

/** Resolves a name from inside the first endpoint of `from`, with its search list and ndots. */
export async function resolveFrom(
  { from, name }: { readonly from: string; readonly name: string },
  sandbox: Sandbox,
  scope: NameScope,
): Promise<TargetAnswer<ResolvedName>> {
  const [endpoint] = endpointsOf(from, scope);
  if (endpoint === undefined) return missing(`no pod has the name ${from}`, 'lab matrix');
  const inquiry = { netns: netnsOf(endpoint), name, type: 'A', timeoutMs: SILENCE_MS } as const;
  const lookups = await sandbox.resolve(inquiry);
  const last = lookups.at(-1);
  const records = last?.kind === 'answered' ? last.records : [];
  const dataOf = (wanted: string): readonly string[] =>
    records.filter(({ type }) => type === wanted).map(({ data }) => data);
  return {
    kind: 'answered',
    value: {
      kind: KINDS[last?.kind ?? 'failed'],
      addresses: dataOf('A'),
      aliases: dataOf('CNAME').map((alias) => alias.replace(/\.$/, '')),
      saw: `${endpointName(endpoint)} asked for ${lookups.map(lookupText).join(', then ')}`,
      look: `lab exec ${endpointName(endpoint)} -- getent ahostsv4 ${name}`,
    },
  };
}

const KINDS: Readonly<Record<Lookup['kind'], ResolvedName['kind']>> = {
  answered: 'resolved',
  'no-name': 'no-name',
  'no-data': 'no-name',
  'timed-out': 'no-answer',
  refused: 'failed',
  unreachable: 'failed',
  failed: 'failed',
};

function lookupText(lookup: Lookup): string {
  if (lookup.kind !== 'answered') return `${lookup.name} (${lookup.kind})`;
  return `${lookup.name} (${lookup.records.map(({ data }) => data).join(', ')})`;
}
