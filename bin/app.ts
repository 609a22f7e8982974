import { readConfig } from '../lib/cloud/config';
import { addLab, createApp } from '../lib/cloud/lab-app';

// Nothing is written unless `synth` is called, so a broken configuration leaves no half assembly.
const app = createApp();
const config = readConfig(app.node.getAllContext(), new Date());

if (config.kind === 'read') {
  addLab(app, config.value);
  app.synth();
} else {
  for (const { path, problem, fix } of config.problems) {
    console.error(`${path}: ${problem}\n  fix: ${fix}`);
  }
  process.exitCode = 2;
}
