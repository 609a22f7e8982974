import type { FlowNote, RuleEvidence } from '../../model/flow-evidence';
import type { ReportedSet } from './types';

/** A recommended set for review: why each rule is there, what to know, what the proof says, and the policies. */
export const RecommendedSet = ({ set }: { readonly set: ReportedSet }) => (
  <>
    <Rules rules={set.rules} />
    <Notes notes={set.notes} />
    <section>
      <h2>What the engine says of the set</h2>
      <ul class="report-lines">
        {set.proof.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </section>
    <section>
      <h2>The policies</h2>
      <pre class="report-yaml">{set.yaml}</pre>
    </section>
  </>
);

const Rules = ({ rules }: { readonly rules: readonly RuleEvidence[] }) => (
  <section>
    <h2>Rules, and the records that ask for them</h2>
    <table class="text-table report-changes">
      <thead>
        <tr>
          <th scope="col">call</th>
          <th scope="col">records</th>
          <th scope="col">first seen</th>
          <th scope="col">last seen</th>
          <th scope="col">example</th>
          <th scope="col">policies</th>
        </tr>
      </thead>
      <tbody>
        {rules.map(({ from, to, protocol, port, policies, evidence }) => (
          <tr key={`${from} ${to} ${protocol} ${port}`}>
            <td>
              {from} → {to} {protocol} {port}
            </td>
            <td>{evidence?.records ?? ''}</td>
            <td>{evidence?.firstSeen ?? ''}</td>
            <td>{evidence?.lastSeen ?? ''}</td>
            <td>
              {evidence === undefined ? '' : `${evidence.example.file}:${evidence.example.line}`}
            </td>
            <td>{policies.join(', ')}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </section>
);

const Notes = ({ notes }: { readonly notes: readonly FlowNote[] }) =>
  notes.length === 0 ? null : (
    <section>
      <h2>Before you apply it</h2>
      {notes.map(({ kind, problem, fix, count, calls = [] }) => (
        <div key={kind} class="report-note">
          <p>
            {problem}
            {count === undefined ? '' : ` (${count})`}. To do: {fix}.
          </p>
          {calls.length > 0 && (
            <ul class="report-lines">
              {calls.map((call) => (
                <li key={call}>{call}</li>
              ))}
            </ul>
          )}
        </div>
      ))}
    </section>
  );
