import type { Finding, Severity } from '../model/finding';
import type { SourcePlace } from '../model/source-place';
import type { Palette } from './palette';

/** Findings for a person: what and where, why, and how to mend it. */
export function lintText(
  findings: readonly (Finding & { readonly at?: SourcePlace })[],
  palette: Palette,
): string {
  if (findings.length === 0) return palette.good('nothing to remark on');
  const set: Readonly<Record<Severity, (text: string) => string>> = {
    error: palette.bad,
    warning: palette.doubt,
    note: palette.quiet,
  };
  const entries = findings.map((finding) => {
    const { severity, code, object, rule, why, fix, at } = finding;
    const place = rule === undefined ? object : `${object}, ${rule.direction} rule ${rule.index}`;
    return [
      `${set[severity](severity)} ${palette.strong(code)} ${place}`,
      ...(at === undefined ? [] : [palette.quiet(`  ${at.file}:${at.line}:${at.column}`)]),
      `  ${why}`,
      `  fix: ${fix}`,
    ].join('\n');
  });
  return [...entries, countText(findings)].join('\n');
}

function countText(findings: readonly Finding[]): string {
  const counts = (['error', 'warning', 'note'] as const).flatMap((severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length;
    return count === 0 ? [] : [`${count} ${severity}${count === 1 ? '' : 's'}`];
  });
  return counts.join(', ');
}
