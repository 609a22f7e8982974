import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { reportBody } from '../book/report/report';
import type { BookReport } from '../book/report/types';

const STYLES = join(__dirname, '..', 'book', 'styles');

/** The styles that a report's parts use, in the order of the page's. */
const SHEETS = [
  'tokens',
  'base',
  'lab',
  'matrix',
  'flow',
  'editor',
  'own',
  'map',
  'report',
  'print',
];

/** Writes a report as one HTML file. */
export const writeReport = (file: string, report: BookReport): void =>
  writeFileSync(file, reportHtml(report));

/** A whole HTML file: its only style is named by its hash in its own policy, and nothing else may load. */
export function reportHtml(report: BookReport): string {
  const style = SHEETS.map((name) => readFileSync(join(STYLES, `${name}.css`), 'utf8')).join('\n');
  const hash = createHash('sha256').update(style).digest('base64');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(report.headline)}</title>
<style>${style}</style>
</head>
<body>
${reportBody(report)}
</body>
</html>
`;
}

const escapeHtml = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? '');

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};
