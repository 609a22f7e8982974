import type { Severity } from '../../model/finding';
import type { PlacedFinding } from '../engine/types';
import { Icon } from './icon';

/** What is legal in the files and probably not meant, errors first. */
export function Findings({ findings }: { readonly findings: readonly PlacedFinding[] }) {
  if (findings.length === 0) return null;
  return (
    <ul class="findings" aria-label="Findings">
      {findings.map((one) => (
        <li key={`${one.code} ${one.object} ${ruleText(one)} ${one.why}`} class={one.severity}>
          <span class="severity">
            <Icon name={one.severity} />
            {one.severity}
          </span>
          <div>
            <p class="finding-head">
              <strong>{one.object}</strong> <code>{ruleText(one)}</code>{' '}
              <span class="code">{one.code}</span>
              {one.line !== undefined && (
                <span class="where">
                  {one.file}:{one.line}
                </span>
              )}
            </p>
            <p>{sentence(one.why)}</p>
            <p>
              Instead: <span class="strong">{sentence(one.fix)}</span>
            </p>
          </div>
        </li>
      ))}
    </ul>
  );
}

export const ruleText = ({ rule }: PlacedFinding): string =>
  rule === undefined ? '' : `spec.${rule.direction}[${rule.index}]`;

const sentence = (text: string): string => {
  const begun = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
};

/** `1 error, 2 warnings`. */
export function findingsHeadline(findings: readonly PlacedFinding[]): string {
  const words = SEVERITIES.flatMap((severity) => {
    const count = findings.filter((one) => one.severity === severity).length;
    return count === 0 ? [] : [`${count} ${severity}${count === 1 ? '' : 's'}`];
  });
  return words.length === 0 ? 'No findings' : words.join(', ');
}

const SEVERITIES: readonly Severity[] = ['error', 'warning', 'note'];
