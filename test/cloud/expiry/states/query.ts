import jsonata from 'jsonata';

/** An error as a state machine sees it: its name, which `Catch` and `Retry` match, and its text. */
export class StateError extends Error {
  constructor(
    readonly error: string,
    readonly because: string,
  ) {
    super(`${error}: ${because}`);
  }
}

/** What an expression may name beside functions: variables, and `states` with input and result. */
export type Names = Readonly<Record<string, unknown>>;

/**
 * A value of the definition with its expressions evaluated: a text within `{% %}` is one, any other
 * text stands for itself (Amazon States Language, JSONata). An expression that gives nothing is an
 * error there, and is one here.
 */
export async function evaluate(value: unknown, names: Names): Promise<unknown> {
  if (typeof value === 'string') return isExpression(value) ? query(value, names) : value;
  if (Array.isArray(value)) return Promise.all(value.map((one) => evaluate(one, names)));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(
    async ([key, one]) => [key, await evaluate(one, names)] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}

const isExpression = (text: string): boolean => text.startsWith('{%') && text.endsWith('%}');

async function query(text: string, names: Names): Promise<unknown> {
  const failed = (because: string) => new StateError('States.QueryEvaluationError', because);
  const result: unknown = await jsonata(text.slice(2, -2))
    .evaluate(undefined, { ...names })
    .catch((error: { message?: string }) => {
      throw failed(`${text}: ${error.message ?? 'no reason'}`);
    });
  if (result === undefined) throw failed(`${text} gives nothing`);
  // As plain JSON: what JSONata answers carries marks of its own.
  return JSON.parse(JSON.stringify(result));
}
