import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import type { LabConfig } from '../cloud/config';
import { readConfig } from '../cloud/config';
import { addLab } from '../cloud/lab-app';
import type { SourceFile } from '../model/problem';
import { InputProblems } from './problems';

/** Context of a synthesis, as `cdk -c key=value` gives it. */
export type Context = Readonly<Record<string, string>>;

/**
 * The templates of a lab's stacks, synthesized in this process by the very code that `cdk deploy`
 * runs. No asset is staged, nothing is looked up, and the folder it needs is gone afterwards.
 */
export function synthesizeTemplates(lab: string, context: Context = {}): readonly SourceFile[] {
  const outdir = mkdtempSync(join(tmpdir(), 'eks-network-labs-'));
  try {
    const app = new App({
      outdir,
      autoSynth: false,
      builtinCloudFormationValidation: false,
      context: { 'aws:cdk:disable-asset-staging': true, ...CDK_FLAGS, ...context, lab },
    });
    addLab(app, configOf(app));
    app.synth();
    return templatesIn(outdir);
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** The flags of cdk.json, so that this synthesis and the CLI's are one. */
const CDK_FLAGS: Readonly<Record<string, unknown>> = JSON.parse(
  readFileSync(join(__dirname, '..', '..', 'cdk.json'), 'utf8'),
).context;

function configOf(app: App): LabConfig {
  const config = readConfig(app.node.getAllContext(), new Date());
  if (config.kind === 'problems') throw new InputProblems(config.problems);
  return config.value;
}

const templatesIn = (folder: string): readonly SourceFile[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.template.json'))
    .sort()
    .map((name) => ({ path: name, text: readFileSync(join(folder, name), 'utf8') }));
