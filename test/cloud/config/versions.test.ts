import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { readConfig } from '../../../lib/cloud/config/config';
import { cloudLabIds } from '../../../lib/cloud/config/environments';
import { CONTEXT_KEYS } from '../../../lib/cloud/config/keys';
import {
  DEFAULT_KUBERNETES,
  KUBERNETES_RELEASES,
  VERSIONS_CHECKED,
} from '../../../lib/cloud/config/versions';

test('the README tells every context key, with its default', () => {
  const readme = readFileSync(resolve(__dirname, '..', '..', '..', 'README.md'), 'utf8');
  const rows = readme.split('\n').filter((line) => line.startsWith('| `'));
  const untold = Object.entries(CONTEXT_KEYS).filter(([key, { fallback }]) => {
    const row = rows.find((line) => line.split('|')[1]?.includes(`\`${key}\``));
    const said = ['', 'by-size'].includes(fallback) || row?.includes(`\`${fallback}\``);
    return row === undefined || !said;
  });
  expect(untold.map(([key]) => key)).toEqual([]);
});

describe('the versions table', () => {
  const monthsLater = (day: string, months: number): string => {
    const date = new Date(`${day}T00:00:00Z`);
    date.setUTCMonth(date.getUTCMonth() + months);
    return date.toISOString().slice(0, 10);
  };
  const release = KUBERNETES_RELEASES.find(({ version }) => version === DEFAULT_KUBERNETES);

  test('the default stays in standard support for four months from the day of the table', () => {
    expect(release?.standardSupportEnds.localeCompare(monthsLater(VERSIONS_CHECKED, 4))).toBe(1);
  });

  test('the default has a kubectl layer and a Calico, and every lab takes it', () => {
    expect(release).toMatchObject({ kubectlLayer: expect.stringMatching(/^@aws-cdk/), calico: {} });
    const day = new Date(`${VERSIONS_CHECKED}T12:00:00Z`);
    const broken = cloudLabIds.filter((lab) => readConfig({ lab }, day).kind === 'problems');
    expect(broken).toEqual([]);
  });
});
