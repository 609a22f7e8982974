import { useState } from 'preact/hooks';
import { LiveError } from './live';

/** An action under way: what it says, and why it did not go. */
export interface ActionState {
  readonly busy: boolean;
  /** The last line of its progress. */
  readonly text: string;
  readonly error?: LiveError;
}

/** Runs one action at a time, and shows what it says. */
export function useAction(): {
  readonly state: ActionState;
  readonly run: (action: (progress: (text: string) => void) => Promise<void>) => void;
} {
  const [state, setState] = useState<ActionState>({ busy: false, text: '' });
  const run = (action: (progress: (text: string) => void) => Promise<void>): void => {
    if (state.busy) return;
    setState({ busy: true, text: '' });
    action((text) => setState({ busy: true, text })).then(
      () => setState({ busy: false, text: '' }),
      (cause: unknown) => setState({ busy: false, text: '', error: errorOf(cause) }),
    );
  };
  return { state, run };
}

const errorOf = (cause: unknown): LiveError =>
  cause instanceof LiveError
    ? cause
    : new LiveError(cause instanceof Error ? cause.message : `${cause}`, 'reload the page');
