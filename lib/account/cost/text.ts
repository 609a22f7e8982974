import type { Cost } from './cost';

/** A cost as lines of plain text: every line of the bill, what is not in it, and the sums. */
export function costText(cost: Cost): readonly string[] {
  const { lines, metered, unknown, free, perHour, session, weekend, prices } = cost;
  const freeCount = Object.values(free).reduce((sum, count) => sum + count, 0);
  return [
    ...table([
      ['what', 'where', 'count', 'each/h', 'per hour'],
      ...lines.map((line) => [
        line.what,
        shortName(line.of),
        String(line.count),
        usd(line.eachPerHour),
        usd(line.perHour),
      ]),
      ['total', '', '', '', usd(perHour)],
    ]),
    '',
    ...table([
      ['an hour', usd(perHour)],
      [`a session of ${session.hours} hours`, usd(session.usd)],
      [`forgotten for a weekend, ${weekend.hours} hours`, usd(weekend.usd)],
    ]),
    ...(unknown.length === 0 ? [] : ['', 'not in the sum, no price known:']),
    ...unknown.map(({ what, of }) => `  ${what} (${of})`),
    ...(metered.length === 0 ? [] : ['', 'not in the sum, billed by use:']),
    ...grouped(metered),
    '',
    `Free of charge: ${freeCount} (types: ${Object.keys(free).length}).`,
    `Prices of ${prices.date}, ${prices.region}: ${prices.source}.`,
  ];
}

/** Costs of several labs or sizes side by side, a row each. */
export function compareText(
  rows: readonly { readonly name: string; readonly cost: Cost }[],
): readonly string[] {
  const session = rows[0]?.cost.session.hours ?? 0;
  const weekend = rows[0]?.cost.weekend.hours ?? 0;
  return table([
    ['lab', 'an hour', `${session} h`, `weekend, ${weekend} h`, 'not priced'],
    ...rows.map(({ name, cost }) => [
      name,
      usd(cost.perHour),
      usd(cost.session.usd),
      usd(cost.weekend.usd),
      String(cost.unknown.length),
    ]),
  ]);
}

/** CDK ends a logical id with eight digits of a hash, which tell a person nothing. */
const shortName = (of: string): string => of.replace(/[0-9A-F]{8}$/, '');

/** US dollars as a person reads them: cents, and more places only below one cent. */
export const usd = (amount: number): string =>
  `$${amount.toFixed(amount !== 0 && Math.abs(amount) < 0.1 ? 4 : 2)}`;

function grouped(metered: Cost['metered']): readonly string[] {
  const counts = new Map<string, number>();
  for (const { what, price } of metered) {
    counts.set(`${what}: ${price}`, (counts.get(`${what}: ${price}`) ?? 0) + 1);
  }
  return [...counts].map(([line, count]) => `  ${count} x ${line}`);
}

/** Columns as wide as their widest cell; the first two are words, the rest numbers. */
function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const isWord = (column: number) =>
    rows.slice(1).every((row) => !/^\$?\d/.test(row[column] ?? ''));
  return rows.map((row) =>
    row
      .map((cell, column) =>
        isWord(column) ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
}
