import { stringify } from 'yaml';
import type { RuleEvidence } from '../model/flow-evidence';
import { callText } from './review';
import { type SetPolicy, setPolicyName } from './set-policy';

/** Policies as YAML documents, each below the records that ask for its rules. */
export const policiesYaml = (
  policies: readonly SetPolicy[],
  evidence: readonly RuleEvidence[],
): string =>
  policies
    .map((policy) => {
      const own = evidence.filter((one) => one.policies.includes(setPolicyName(policy)));
      const comments = own.flatMap(commentOf);
      return [...comments, stringify(policy, { aliasDuplicateObjects: false })].join('\n');
    })
    .join('---\n')
    .trimEnd();

/** `# web -> api TCP 80: 42 records, 2026-11-30T10:00:00Z to ..., such as flows.log:3`. */
export function commentOf(rule: RuleEvidence): readonly string[] {
  const { evidence } = rule;
  return evidence === undefined ? [] : [`# ${callText(rule)}: ${evidenceText(evidence)}`];
}

/** What records say of a call, in words. */
export function evidenceText({
  records,
  firstSeen,
  lastSeen,
  example,
}: NonNullable<RuleEvidence['evidence']>): string {
  const count = records === 1 ? '1 record' : `${records} records`;
  const times = firstSeen === lastSeen ? firstSeen : `${firstSeen} to ${lastSeen}`;
  const when = firstSeen === undefined ? '' : `, ${times}`;
  return `${count}${when}, such as ${example.file}:${example.line}`;
}
