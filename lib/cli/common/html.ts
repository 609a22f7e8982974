import type { Command } from 'commander';
import type { BookReport } from '../../book/report/types';

/** Options of a command that can write its answer as an HTML file. */
export interface HtmlOptions {
  readonly html?: string;
}

/** Adds `--html <file>` to a command. */
export const htmlOption = (command: Command): Command =>
  command.option('--html <file>', 'writes the answer as one HTML file too');

/** What makes and renders reports; loaded only where one is asked for. */
type Reports = typeof import('./reports');
const loadReports = (): Reports => require('./reports');

/** Writes a report where `--html` asks for one; what made it and when stands in it. */
export function reportIn(
  { html }: HtmlOptions,
  report: (reports: Reports) => Omit<BookReport, 'command' | 'footer'>,
): void {
  if (html === undefined) return;
  const { version } = require('../../../package.json') as { readonly version: string };
  const command = `lab ${process.argv.slice(2).join(' ')}`;
  const footer = `Judged by lab ${version} on ${new Date().toISOString().slice(0, 16)} UTC.`;
  const reports = loadReports();
  reports.writeReport(html, { ...report(reports), command, footer });
}
