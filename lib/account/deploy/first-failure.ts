import type { DeployEvent } from './events';

/** Remembers what a deployment failed at first; everything after it is a consequence. */
export interface FirstFailure {
  readonly note: (event: DeployEvent) => void;
  /** The resource and CloudFormation's reason in one line; `undefined` where none failed. */
  readonly text: () => string | undefined;
}

/** CloudFormation's reasons for what it stops because something else failed. */
const CONSEQUENCE = /cancelled|The following resource\(s\) failed/i;

/** A tracker of one deployment. */
export function trackFirstFailure(): FirstFailure {
  let first: string | undefined;
  return {
    note: (event) => {
      if (first !== undefined || event.kind !== 'resource') return;
      const { status, reason, type, resource } = event;
      if (!status.endsWith('_FAILED') || reason === undefined || CONSEQUENCE.test(reason)) return;
      first = `${type} ${resource}: ${reason}`;
    },
    text: () => first,
  };
}
