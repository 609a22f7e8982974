import { stringify } from 'yaml';
import { callText, type RuleEvidence } from './review';

/** Any policy, as far as its text matters. */
export interface PolicyText {
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

/** Policies as YAML documents, each below the records that ask for its rules. */
export const policiesYaml = (
  policies: readonly PolicyText[],
  evidence: readonly RuleEvidence[],
): string =>
  policies
    .map((policy) => {
      const { namespace, name } = policy.metadata;
      const own = evidence.filter((one) => one.policies.includes(`${namespace}/${name}`));
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
