import type * as Charts from '../../charts';

/**
 * What a lab's charts synthesize for a stage, as YAML. The charts are loaded at the first call: most commands
 * need none, and cdk8s takes twice as long to load as the command itself.
 */
export const stageText: typeof Charts.synthesizeStage = (...stage) =>
  (require('../../charts') as typeof Charts).synthesizeStage(...stage);
