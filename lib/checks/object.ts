import type { ObjectCheck } from '../lab/check';
import { type CheckResult, right, wrong } from '../lab/check-result';
import { judged } from './judged';
import type { Target } from './target';

/**
 * Judges a value at a path of an object as the cluster has it now. Without a value to equal, any
 * value at the path is right; an empty path asks only whether the object exists.
 */
export async function checkObject(check: ObjectCheck, target: Target): Promise<CheckResult> {
  const answer = await target.readObject(check);
  return judged(check, answer, (object) => judge(check, object));
}

function judge(check: ObjectCheck, object: unknown): CheckResult {
  const { object: kind, name, namespace, path, equals } = check;
  if (path === '') return right(check, 'it exists');
  const value = valueAt(object, path.split('.'));
  const isRight =
    equals === undefined ? value !== undefined : JSON.stringify(value) === JSON.stringify(equals);
  if (isRight) return right(check, show(value));
  const inNamespace = namespace === undefined ? '' : ` -n ${namespace}`;
  return wrong(check, {
    saw: `${path} is ${show(value)}`,
    means: `${path} should be ${equals === undefined ? 'set' : show(equals)}`,
    look: `kubectl get ${kind.toLowerCase()} ${name}${inNamespace} -o yaml`,
  });
}

const valueAt = (node: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (at, key) =>
      typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[key] : undefined,
    node,
  );

const show = (value: unknown): string => (value === undefined ? 'absent' : JSON.stringify(value));
