import type { Finding } from '../model/finding';
import type { Ground } from './ground';
import { elsewhere } from './scope';
import { homeOf, objectOf, podName, selectorText, some } from './words';

/** Policies that apply to nobody. */
export const checkSubjects = (ground: Ground): readonly Finding[] =>
  ground.world.policies
    .filter(({ staged, subject }) => staged !== 'delete' && !ground.finds(subject))
    .map((policy): Finding => {
      const others = elsewhere(policy.subject, ground);
      const home = homeOf(policy.subject);
      const found = others.length === 0 ? '' : `; such pods are ${some(others.map(podName))}`;
      return {
        code: 'policy-selects-nothing',
        severity: 'warning',
        object: objectOf(policy),
        why: `it selects ${selectorText(policy.subject)}, and there is none${found}`,
        fix:
          others.length > 0 && home !== undefined
            ? `move it to namespace ${some(others.map(({ namespace }) => namespace))}`
            : 'correct its selector, or remove it',
      };
    });
