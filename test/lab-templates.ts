import type { App } from 'aws-cdk-lib';
import type { SourceFile } from '../lib/model/problem';
import { onceARun } from './once-a-run';

/** Context of a synthesis, as `cdk -c key=value` gives it. */
export type Context = Readonly<Record<string, string>>;

/**
 * The templates of one lab, synthesized as `cdk synth` would, once a run: CDK is loaded only by the
 * test file that comes first.
 */
export const labTemplates = (context: Context): readonly SourceFile[] =>
  onceARun(nameOf(context), () => loadSynthesis().synthesizeApp(context).files);

/** For tests that look at the constructs themselves: these are made here, and the templates shared. */
export function labApp(context: Context): App {
  const { app, files } = loadSynthesis().synthesizeApp(context);
  onceARun(nameOf(context), () => files);
  return app;
}

const nameOf = (context: Context): string => `templates ${JSON.stringify(context)}`;

const loadSynthesis = () => require('./synthesis') as typeof import('./synthesis');
