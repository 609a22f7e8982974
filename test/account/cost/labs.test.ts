import { costOf } from '../../../lib/account/cost/cost';
import { compareText } from '../../../lib/account/cost/text';
import type { Size } from '../../../lib/cloud/config/config';
import { cloudLabIds } from '../../../lib/cloud/config/environments';
import { labTemplates } from '../../lab-templates';

function costOfLab(lab: string, size: Size) {
  const templates = labTemplates({ lab, size }).map(({ path, text }) => ({
    name: path.replace('.template.json', ''),
    body: JSON.parse(text) as unknown,
  }));
  return costOf(templates, { day: '2026-11-21' });
}

// Synthesis costs a quarter of a second a lab: one of every shape; CI's bench walks all of them.
const shapes = ['aws-1-vpc', 'aws-5-path', 'mc-1-two-clusters', 'capstone'];

test.each(shapes)('every resource of %s has a price, or is known to have none', (lab) => {
  expect(cloudLabIds).toContain(lab);
  const [small, production] = [costOfLab(lab, 'small'), costOfLab(lab, 'production')];
  expect({ small: small.unknown, production: production.unknown }).toEqual({
    small: [],
    production: [],
  });
  expect(small.perHour).toBeGreaterThanOrEqual(0.05);
  expect(small.perHour).toBeLessThan(production.perHour);
  expect(compareText([{ name: lab, cost: small }])).toHaveLength(2);
});
