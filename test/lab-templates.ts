import { readConfig } from '../lib/cloud/config';
import { addLab, createApp } from '../lib/cloud/lab-app';
import type { SourceFile } from '../lib/model/problem';

/** The templates of one lab, synthesized in this process as `cdk synth` would. */
export function labTemplates(context: Readonly<Record<string, string>>): readonly SourceFile[] {
  const app = createApp();
  const given = { ...context, ttl: '4h', owner: 'tester' };
  const config = readConfig(given, new Date('2026-11-21T12:00:00Z'));
  if (config.kind !== 'read') throw new Error(JSON.stringify(config.problems, null, 2));
  addLab(app, config.value);
  return app.synth().stacks.map((stack) => ({
    path: `${stack.stackName}.template.json`,
    text: JSON.stringify(stack.template),
  }));
}
