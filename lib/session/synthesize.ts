import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { App } from 'aws-cdk-lib';

import { type LabConfig, readConfig } from '../cloud/config/config';
import { addLab, createApp, createDraft } from '../cloud/lab-app';
import { InputProblems, type SourceFile } from '../model/problem';

/** Context of a synthesis, as `cdk -c key=value` gives it. */
export type Context = Readonly<Record<string, string>>;

/**
 * The templates of a lab's stacks, synthesized in this process by the very code that `cdk deploy`
 * runs. No asset is staged, nothing is looked up, and the folder it needs is gone afterwards.
 *
 * @throws InputProblems where the context is not a valid configuration.
 */
export function synthesizeTemplates(lab: string, context: Context = {}): readonly SourceFile[] {
  const config = configOf(lab, context);
  const outdir = mkdtempSync(join(tmpdir(), 'eks-network-labs-'));
  try {
    return templatesOf(createDraft(outdir), config);
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/**
 * The whole assembly of a lab in a folder, assets and validation included: what is deployed.
 *
 * @throws InputProblems where the context is not a valid configuration.
 */
export const synthesizeInto = (
  outdir: string,
  lab: string,
  context: Context,
): readonly SourceFile[] => templatesOf(createApp(outdir), configOf(lab, context));

function configOf(lab: string, context: Context): LabConfig {
  const config = readConfig({ ...context, lab }, new Date());
  if (config.kind === 'problems') {
    throw new InputProblems(config.problems.map((one) => ({ ...one, path: optionOf(one.path) })));
  }
  return config.value;
}

/** A key of the configuration as the option of `lab up` that sets it. */
const optionOf = (key: string): string =>
  key === 'ttl'
    ? '--expires'
    : `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

function templatesOf(app: App, config: LabConfig): readonly SourceFile[] {
  addLab(app, config);
  return app.synth().stacks.map(({ stackName, template }) => ({
    path: `${stackName}.template.json`,
    text: JSON.stringify(template),
  }));
}
