import { costOf } from '../../lib/account/cost';
import { compareText } from '../../lib/account/cost-text';
import { readConfig, type Size } from '../../lib/cloud/config';
import { cloudLabIds } from '../../lib/cloud/environments';
import { addLab, createApp } from '../../lib/cloud/lab-app';

const now = new Date('2026-11-21T12:00:00Z');

function costOfLab(lab: string, size: Size) {
  const config = readConfig({ lab, size }, now);
  if (config.kind !== 'read') throw new Error(JSON.stringify(config.problems));
  const app = createApp();
  addLab(app, config.value);
  const templates = app.synth().stacks.map(({ stackName, template }) => ({
    name: stackName,
    body: template as unknown,
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
