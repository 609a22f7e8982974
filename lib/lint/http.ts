import type { Finding } from '../model/finding';
import type { HttpCondition } from '../model/http';
import type { PreparedWorld } from './prepared';

/**
 * Objects whose controller would say that they are not accepted, or that a reference of theirs is
 * not resolved (Gateway API: status conditions).
 */
export const checkHttp = ({ world: { http } }: PreparedWorld): readonly Finding[] =>
  (http?.conditions ?? []).filter(isUnmet).map((condition): Finding => {
    const { kind, namespace, name, part, type, status, reason, message } = condition;
    const what = part === undefined ? '' : `${part}: `;
    return {
      code: 'http-not-served',
      severity: 'warning',
      object: `${kind} ${namespace}/${name}`,
      why: `${what}${message} (${type} ${status}, ${reason})`,
      fix: FIXES[type],
    };
  });

const isUnmet = ({ type, status }: HttpCondition): boolean =>
  type === 'Conflicted' ? status === 'True' : status === 'False';

const FIXES: Readonly<Record<HttpCondition['type'], string>> = {
  Accepted: 'no request is served by it until this is corrected',
  Programmed: 'no request is served by it until this is corrected',
  Conflicted: 'change one of the two',
  ResolvedRefs: 'its share of the requests is answered with 500 until this is corrected',
};
