import { render } from 'preact-render-to-string';
import { formatEnd } from '../../model/flow';
import type { Explained } from '../engine/types';
import { countText, FlowName } from '../parts/changes';
import { Deviations } from '../parts/deviations';
import { Findings } from '../parts/findings';
import { Hops } from '../parts/hops';
import { Icon } from '../parts/icon';
import { MatrixLegend } from '../parts/legend';
import { type MarkKind, markWord, VerdictWord } from '../parts/mark';
import { MatrixTable } from '../parts/matrix-table';
import { railsOf } from '../parts/rails';
import { RecommendedSet } from './recommended';
import type { BookReport, ReportedChange, ReportedFlow } from './types';

/** A report as HTML, between `<body>` and `</body>`: names and texts in it are escaped. */
export const reportBody = (report: BookReport): string => render(<Report report={report} />);

function Report({ report }: { readonly report: BookReport }) {
  const { command, headline, summary, warning, changes, findings, footer } = report;
  return (
    <main class="report">
      <p class="report-of">
        Network Labs · report of <code>{command}</code>
      </p>
      <h1>{headline}</h1>
      <p class="report-summary">{summary}</p>
      {warning !== undefined && (
        <p class="report-warning">
          <Icon name="error" /> {warning}
        </p>
      )}
      {report.explained !== undefined && <Explanation explained={report.explained} />}
      {changes !== undefined && changes.length > 0 && <Changes changes={changes} />}
      {findings !== undefined && findings.length > 0 && (
        <section>
          <h2>Findings</h2>
          <Findings findings={findings} />
        </section>
      )}
      {report.recommended !== undefined && <RecommendedSet set={report.recommended} />}
      {report.compared !== undefined && <ComparedFlows flows={report.compared} />}
      <Differing lines={report.differing ?? []} />
      <GridSection report={report} />
      <p class="report-foot">{footer} This file loads nothing.</p>
    </main>
  );
}

const Changes = ({ changes }: { readonly changes: readonly ReportedChange[] }) => (
  <section>
    <h2>What changes</h2>
    <table class="text-table report-changes">
      <thead>
        <tr>
          <th scope="col">flow</th>
          <th scope="col">before</th>
          <th scope="col">after</th>
          <th scope="col">decided by</th>
        </tr>
      </thead>
      <tbody>
        {changes.map(({ change, decidedBy }) => (
          <tr key={`${change.from} ${change.to} ${change.protocol} ${change.port} ${change.after}`}>
            <td>
              <FlowName change={change} />
              <span class="count report-count">
                {countText(change)}, for example {formatEnd(change.example.from)} →{' '}
                {formatEnd(change.example.to)}
              </span>
            </td>
            <td>
              <Answer verdict={change.before} />
            </td>
            <td>
              <Answer verdict={change.after} />
            </td>
            <td>{decidedBy.join('; ')}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </section>
);

const AGREEMENTS = {
  agrees: 'agrees',
  differs: 'differs',
  'not-comparable': 'not comparable',
} as const;

const ComparedFlows = ({ flows }: { readonly flows: readonly ReportedFlow[] }) => (
  <section>
    <h2>Predicted and seen</h2>
    <table class="text-table report-changes">
      <thead>
        <tr>
          <th scope="col">flow</th>
          <th scope="col">predicted</th>
          <th scope="col">seen</th>
          <th scope="col">agreement</th>
          <th scope="col">decided by</th>
        </tr>
      </thead>
      <tbody>
        {flows.map(({ flow, predicted, seen, agreement, because }, i) => (
          <tr key={i}>
            <td>{flow}</td>
            <td>
              <Answer verdict={predicted} />
            </td>
            <td>
              <VerdictWord kind={seen} seen />
            </td>
            <td>{AGREEMENTS[agreement]}</td>
            <td>{because}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </section>
);

const Answer = ({ verdict }: { readonly verdict: MarkKind | 'absent' }) =>
  verdict === 'absent' ? <span>not there</span> : <VerdictWord kind={verdict} />;

function Explanation({ explained: { explanation, flip } }: { readonly explained: Explained }) {
  const { by, flow } = explanation;
  const rails = railsOf(explanation);
  return (
    <section>
      <h2>
        {formatEnd(flow.from)} → {formatEnd(flow.to)} {flow.protocol} {flow.port ?? ''}:{' '}
        {markWord(explanation.verdict)}
      </h2>
      {by.map(({ because }) => (
        <p key={because} class="because">
          {because}.
        </p>
      ))}
      {flip !== undefined && (
        <p class="flip">
          <strong>One change would {flip.becomes === 'allowed' ? 'allow' : 'deny'} it.</strong>{' '}
          {flip.change}.
        </p>
      )}
      {rails.count > 0 && <Hops rails={rails} />}
    </section>
  );
}

const Differing = ({ lines }: { readonly lines: readonly string[] }) =>
  lines.length === 0 ? null : (
    <section>
      <h2>Packets disagree with the prediction</h2>
      <ul class="edge-list">
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </section>
  );

function GridSection({ report }: { readonly report: BookReport }) {
  const { grid, before, seen } = report;
  if (grid === undefined) return null;
  return (
    <section class="report-grid">
      <h2>{before === undefined ? 'Who reaches whom' : 'Who reaches whom, after the change'}</h2>
      {grid.deviations !== undefined ? (
        <Deviations deviations={grid.deviations} />
      ) : (
        <>
          <MatrixTable
            grid={grid}
            size={grid.columns.length > 8 ? 'small' : 'compact'}
            label="Sources by targets"
            {...(before && { before })}
            {...(seen && { seen })}
          />
          <MatrixLegend
            grid={grid}
            seen={seen !== undefined}
            differing={(report.differing?.length ?? 0) > 0}
          />
        </>
      )}
    </section>
  );
}
