import { isObject, type JsonObject } from './form';

/** What is inside a wrapper: records as JSON, or text with lines of records. */
export type Unwrapped = JsonObject | string;

/** Objects of AWS and of log shippers that hold records: what they hold, or nothing where it is none. */
export function unwrap(value: JsonObject): readonly Unwrapped[] | undefined {
  const list = listIn(value);
  if (list !== undefined) return list;
  for (const key of ['message', '@message', 'log', 'Message']) {
    const text = value[key];
    if (typeof text === 'string') return [parsed(text) ?? text];
  }
  for (const key of ['_source', 'result', 'kinesis']) {
    const inner = value[key];
    if (isObject(inner)) return [inner];
  }
  return undefined;
}

/** Lists of answers: Whisker, CloudWatch Logs, Goldmane, Kinesis, Logs Insights, Elasticsearch. */
function listIn(value: JsonObject): readonly Unwrapped[] | undefined {
  for (const key of ['items', 'events', 'logEvents', 'flows', 'Records', 'records']) {
    const list = value[key];
    if (Array.isArray(list)) return list.filter(isObject);
  }
  const { hits, results } = value;
  if (isObject(hits) && Array.isArray(hits.hits)) return hits.hits.filter(isObject);
  if (Array.isArray(results) && results.every(Array.isArray)) return results.map(insightsRow);
  return undefined;
}

/** A row of `aws logs get-query-results`: a list of `{field, value}`. */
const insightsRow = (row: readonly unknown[]): JsonObject =>
  Object.fromEntries(row.filter(isObject).map(({ field, value }) => [String(field), value]));

/** A log message that is itself JSON. */
function parsed(text: string): JsonObject | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The field of Kinesis that holds a record's bytes in base64. */
export function dataIn(value: JsonObject): string | undefined {
  const data = value.Data ?? value.data;
  return typeof data === 'string' && /^[A-Za-z0-9+/]+={0,2}$/.test(data) ? data : undefined;
}
