import { costOf } from '../lib/account/cost/cost';
import { type LabConfig, readConfig } from '../lib/cloud/config/config';
import { CONTEXT_KEYS } from '../lib/cloud/config/keys';
import { addLab, createApp } from '../lib/cloud/lab-app';
import { synthesizeTemplates } from '../lib/session/synthesize';

// Nothing is written unless `synth` is called, so a broken configuration leaves no half assembly.
const app = createApp();
const context = app.node.getAllContext();
const config = readConfig(context, new Date());

if (config.kind === 'read') {
  addLab(app, config.value, { usdPerHour: usdPerHour(config.value) });
  app.synth();
} else {
  for (const { path, problem, fix } of config.problems) {
    console.error(`${path}: ${problem}\n  fix: ${fix}`);
  }
  process.exitCode = 2;
}

/** What these very stacks cost an hour: synthesized once more, since a price is one of their outputs. */
function usdPerHour({ lab }: LabConfig): number {
  const given = Object.keys(CONTEXT_KEYS).filter((key) => context[key] !== undefined);
  const asked = Object.fromEntries(given.map((key) => [key, String(context[key])]));
  const templates = synthesizeTemplates(lab, asked).map(({ path, text }) => ({
    name: path.replace('.template.json', ''),
    body: JSON.parse(text),
  }));
  return costOf(templates, { day: new Date().toISOString().slice(0, 10) }).perHour;
}
