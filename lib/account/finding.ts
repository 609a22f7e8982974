/** One thing looked at before a deployment. Only a `problem` stops it. */
export interface PreflightFinding {
  readonly kind: 'fine' | 'notice' | 'problem';
  readonly what: string;
  readonly found: string;
  /** What to do; empty where nothing is to be done. */
  readonly fix: string;
}

/** What a question was answered, or why it was not. */
export type Attempted<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'failed'; readonly reason: string };

/** Asks; a refusal is an answer too. */
export async function tryTo<T>(call: () => Promise<T>): Promise<Attempted<T>> {
  try {
    return { kind: 'done', value: await call() };
  } catch (error) {
    return { kind: 'failed', reason: error instanceof Error ? error.message : String(error) };
  }
}

/** Nothing to do. */
export const fine = (what: string, found: string): PreflightFinding => ({
  kind: 'fine',
  what,
  found,
  fix: '',
});
/** Worth knowing; stops nothing. */
export const notice = (what: string, found: string, fix: string): PreflightFinding => ({
  kind: 'notice',
  what,
  found,
  fix,
});
/** Stops the deployment. */
export const problem = (what: string, found: string, fix: string): PreflightFinding => ({
  kind: 'problem',
  what,
  found,
  fix,
});
