import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { App } from 'aws-cdk-lib';
import { type LabConfig, readConfig } from '../lib/cloud/config/config';
import { addLab, createDraft } from '../lib/cloud/lab-app';
import type { SourceFile } from '../lib/model/problem';
import type { Context } from './lab-templates';

/** The day tests synthesize on, so templates are the same every day. */
const TEST_DAY = new Date('2026-11-21T10:00:00Z');

/** The configuration that this context is; throws with every problem where it is none. */
export function configOf(context: Context): LabConfig {
  const reading = readConfig(context, TEST_DAY);
  if (reading.kind === 'problems') throw new Error(JSON.stringify(reading.problems, null, 2));
  return reading.value;
}

/** A lab synthesized in this process: its constructs, and its templates. */
export interface SynthesizedApp {
  readonly app: App;
  readonly files: readonly SourceFile[];
}

/** Synthesizes a lab's stacks in this process; the folder that takes is gone afterwards. */
export function synthesizeApp(context: Context): SynthesizedApp {
  const folder = mkdtempSync(join(tmpdir(), 'synthesized-'));
  try {
    const app = createDraft(folder);
    addLab(app, configOf(context));
    const files = app.synth().stacks.map(({ stackName, template }) => ({
      path: `${stackName}.template.json`,
      text: JSON.stringify(template),
    }));
    return { app, files };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
