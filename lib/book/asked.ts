import { useEffect, useState } from 'preact/hooks';

/** What a question to the engine has come to. The old answer stays while a new one is computed. */
export interface AskedState<T> {
  readonly value?: T;
  readonly error?: Error;
  readonly busy: boolean;
}

/**
 * Asks again whenever `key` changes. Answers of former questions that come late are dropped.
 *
 * @param key what the question depends on; `undefined`: nothing is asked
 */
export function useAsked<T>(key: string | undefined, ask: () => Promise<T>): AskedState<T> {
  const [state, setState] = useState<AskedState<T>>({ busy: key !== undefined });
  useEffect(() => {
    if (key === undefined) {
      setState({ busy: false });
      return undefined;
    }
    let current = true;
    setState((before) => ({ ...before, busy: true }));
    ask().then(
      (value) => current && setState({ value, busy: false }),
      (error: unknown) =>
        current &&
        setState({ error: error instanceof Error ? error : new Error(`${error}`), busy: false }),
    );
    return () => {
      current = false;
    };
  }, [key]);
  return state;
}
