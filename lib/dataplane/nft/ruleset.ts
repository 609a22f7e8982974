import { hash64 } from '../../model/hash';
import type { Command, Netns } from '../commands/command';

/** A set, or (with a colon in its type) a map, such as a verdict map. */
export interface NftSet {
  readonly name: string;
  /** As nft writes it, such as `ipv4_addr` or `ifname : verdict`. */
  readonly type: string;
  /** Elements may be blocks and ranges. */
  readonly interval: boolean;
  readonly elements: readonly string[];
  /** Packets add elements, and each is forgotten after this long. */
  readonly timeoutSeconds?: number;
}

export interface NftChain {
  readonly name: string;
  /** Where the kernel enters it, such as `type filter hook forward priority 0; policy accept;`. */
  readonly base?: string;
  readonly comment?: string;
  /** Rules without their chain, such as `tcp dport 80 accept`. */
  readonly rules: readonly string[];
}

/** One nftables table of family inet, as it shall be. */
export interface NftTable {
  readonly purpose: string;
  readonly sets: readonly NftSet[];
  readonly chains: readonly NftChain[];
}

/**
 * Commands that put `after` into effect where `before` was (or nothing was).
 *
 * Without privilege on the host a transaction is bounded (libnftnl's socket buffer), so a table is
 * filled in parts under a name of its own, where no packet goes yet; the last transaction hooks it
 * in and deletes its predecessor at once (a small table is filled in that one, too). Every packet
 * meets the old rules or the new ones.
 */
export function switchTable(
  netns: Netns,
  before: NftTable | undefined,
  after: NftTable,
): readonly Command[] {
  const oldName = before === undefined ? undefined : tableName(before);
  const name = tableName(after);
  if (oldName === name) return [];
  const filling = [
    [statement(`add table inet ${name}`, 100)],
    after.sets.map((set) => declareSet(name, set)),
    after.chains.filter((chain) => chain.base === undefined).map((c) => declareChain(name, c)),
    after.sets.filter((set) => !isVerdictMap(set)).flatMap((set) => fillSet(name, set)),
    after.chains.filter((chain) => chain.base === undefined).flatMap((c) => fillChain(name, c)),
    after.sets.filter(isVerdictMap).flatMap((set) => fillSet(name, set)),
  ].flat();
  const hooking = after.chains
    .filter((chain) => chain.base !== undefined)
    .flatMap((chain) => [declareChain(name, chain), ...fillChain(name, chain)]);
  const forgetting = oldName === undefined ? [] : [statement(`delete table inet ${oldName}`, 100)];
  const switching = [...hooking, ...forgetting];
  const parts = transactions(filling, switching);
  return parts.map((ruleset) => ({ kind: 'load-ruleset', netns, ruleset }));
}

/** Takes away a table that nothing replaces. */
export const dropTable = (netns: Netns, table: NftTable): Command => ({
  kind: 'load-ruleset',
  netns,
  ruleset: `delete table inet ${tableName(table)}\n`,
});

/** The table's name: its purpose, and a hash of its content, so a new content is a new table. */
export const tableName = (table: NftTable): string =>
  `${table.purpose}-${hash64(JSON.stringify(table)).slice(0, 8)}`;

/** Quotes a comment for nft; names hold no quote (rule-name.ts), a person's text might. */
export const quoted = (text: string): string => `"${text.replaceAll('"', "'").slice(0, 120)}"`;

/**
 * A part of the name of a chain or a set, from an id that a person may have written: as it is where nft
 * takes it for one identifier, else a hash of it. Files and stacks may have any name.
 */
export const identifier = (id: string): string =>
  /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(id) ? id : `id-${hash64(id)}`;

/** Bytes of netlink in one transaction: below the 208 KiB a plain user's socket buffer has. */
const BUDGET = 150_000;

interface Statement {
  readonly text: string;
  /** Estimated bytes of netlink. */
  readonly cost: number;
}

const statement = (text: string, cost: number): Statement => ({ text, cost });

const isVerdictMap = (set: NftSet): boolean => set.type.endsWith(': verdict');

function declareSet(table: string, set: NftSet): Statement {
  const kind = set.type.includes(' : ') ? 'map' : 'set';
  const flags = [
    ...(set.interval ? [' flags interval;'] : []),
    ...(set.timeoutSeconds === undefined
      ? []
      : [` flags dynamic,timeout; timeout ${set.timeoutSeconds}s;`]),
  ].join('');
  return statement(`add ${kind} inet ${table} ${set.name} { type ${set.type};${flags} }`, 300);
}

function declareChain(table: string, chain: NftChain): Statement {
  const comment = chain.comment === undefined ? '' : ` comment ${quoted(chain.comment)};`;
  const body = `${chain.base ?? ''}${comment}`.trim();
  return statement(
    `add chain inet ${table} ${chain.name}${body === '' ? '' : ` { ${body} }`}`,
    300,
  );
}

const fillChain = (table: string, chain: NftChain): readonly Statement[] =>
  chain.rules.map((rule) =>
    statement(`add rule inet ${table} ${chain.name} ${rule}`, ruleCost(rule)),
  );

/** Measured: a commented rule of 100 characters takes about 500 bytes; anonymous sets add theirs. */
const ruleCost = (rule: string): number => 300 + 3 * rule.length;

const ELEMENTS_A_STATEMENT = 500;

function fillSet(table: string, set: NftSet): readonly Statement[] {
  const cost = (set.interval ? 48 : 24) + (isVerdictMap(set) ? 90 : 0);
  const count = Math.ceil(set.elements.length / ELEMENTS_A_STATEMENT);
  return Array.from({ length: count }, (_, i) => {
    const part = set.elements.slice(i * ELEMENTS_A_STATEMENT, (i + 1) * ELEMENTS_A_STATEMENT);
    const text = `add element inet ${table} ${set.name} { ${part.join(', ')} }`;
    return statement(text, 100 + part.length * cost);
  });
}

/** Parts within the budget; the switch is the last, or with the filling where both fit in one. */
function transactions(
  filling: readonly Statement[],
  switching: readonly Statement[],
): readonly string[] {
  const all = [...filling, ...switching];
  if (all.reduce((sum, { cost }) => sum + cost, 0) <= BUDGET) return [linesOf(all)];
  const groups: Statement[][] = [];
  let room = 0;
  for (const next of filling) {
    if (next.cost > room || groups.length === 0) {
      groups.push([]);
      room = BUDGET;
    }
    groups.at(-1)?.push(next);
    room -= next.cost;
  }
  return [...groups, switching].map(linesOf);
}

/** One line a statement: a text that brings its own end of line would bring statements of its own. */
function linesOf(statements: readonly Statement[]): string {
  const strange = statements.find(({ text }) => /\p{Cc}/u.test(text));
  if (strange !== undefined) {
    throw new Error(`a statement for nft has a control character: ${JSON.stringify(strange.text)}`);
  }
  return `${statements.map((s) => s.text).join('\n')}\n`;
}
