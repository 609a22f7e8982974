import { isDeepStrictEqual } from 'node:util';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PRICE_SOURCE } from '../../lib/account/cost/prices';
import { costOfLab } from '../../lib/session/cost';
import { cloudLabIds } from '../../lib/cloud/config/environments';

/**
 * What `lab list` says an hour costs, from the synthesized templates: `node --import tsx
 * test/golden/eks-costs.ts --write` writes it; without `--write` it fails where it is out of date.
 */
const file = join(__dirname, '../../labs/eks-costs.json');
const cents = (lab: string, size: string): number =>
  Math.round(costOfLab(lab, { size, hours: 1 }).perHour * 1000) / 1000;
const perHour = Object.fromEntries(
  cloudLabIds.map((lab) => [
    lab,
    { small: cents(lab, 'small'), production: cents(lab, 'production') },
  ]),
);
const found = { pricedOn: PRICE_SOURCE.date, region: PRICE_SOURCE.region, perHour };
if (process.argv.includes('--write')) {
  writeFileSync(file, `${JSON.stringify(found, null, 2)}\n`);
} else if (!isDeepStrictEqual(found, JSON.parse(readFileSync(file, 'utf8')))) {
  console.error('labs/eks-costs.json is out of date: node --import tsx test/golden/eks-costs.ts --write');
  process.exitCode = 1;
} else console.log(`lab list: the prices of ${cloudLabIds.length} labs are those of their templates`);
