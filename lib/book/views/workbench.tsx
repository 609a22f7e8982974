import type { ComponentChildren } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { BookSnapshot } from '../engine/types';
import { ChangesList, changesHeadline } from '../parts/changes';
import { CommandLine } from '../parts/controls';
import { findingsHeadline } from '../parts/findings';
import { VerdictMark } from '../parts/mark';
import { MatrixTable } from '../parts/matrix-table';
import { Problems } from '../parts/problems';
import { createPrediction, type DraftState, type Prediction } from '../prediction';
import { EditedMap } from './edited-map';
import { ManifestEditor } from './manifest-editor';

/** Drafts by world and file: leaving the editor loses nothing. */
const drafts = new Map<string, string>();

/** What is edited: one text of a world, and how the world reads with another text in its place. */
export interface WorkbenchProps {
  /** Key of the world without the edits. */
  readonly against: string;
  /** How the world without the edits is called in sentences. */
  readonly label: string;
  /** Name of the file. */
  readonly name: string;
  readonly original: string;
  readonly withText: (text: string) => BookSnapshot;
  /** The lab whose stage it is, for packets; absent for a person's own files. */
  readonly lab?: { readonly id: string; readonly stage: string };
}

/** An editor, with what an edit opens and closes beside it. Nothing is applied. */
export function Workbench({ against, label, name, original, withText, lab }: WorkbenchProps) {
  const [text, setText] = useState(drafts.get(`${against} ${name}`) ?? original);
  const draftKey = `${against} draft`;
  const prediction = useMemo(() => createPrediction(draftKey, against), [draftKey, against]);
  const draft = (next: string): void => {
    drafts.set(`${against} ${name}`, next);
    setText(next);
    prediction.draft(withText(next));
  };
  // The first judgement warms the engine: the first key must not wait for it.
  useEffect(() => draft(text), [against]);
  const state = prediction.state.value;
  return (
    <div class="editor-view">
      <ManifestEditor
        name={name}
        worldKey={against}
        original={original}
        text={text}
        state={state}
        onChange={draft}
        {...(lab && { lab })}
      />
      <DraftPane
        prediction={prediction}
        draftKey={draftKey}
        against={against}
        label={label}
        {...(lab && { command: `lab apply ${name} ${lab.id}` })}
      />
    </div>
  );
}

interface DraftPaneProps {
  readonly prediction: Prediction;
  readonly draftKey: string;
  readonly against: string;
  readonly label: string;
  /** What sends packets, where a lab is edited. */
  readonly command?: string;
}

/** What the draft opens and closes: list, map and matrix. */
function DraftPane({ prediction, draftKey, against, label, command }: DraftPaneProps) {
  const state = prediction.state.value;
  const { edited, findings, problems, error } = state;
  return (
    <section
      class={`draft-pane${problems.length > 0 ? ' stale' : ''}`}
      aria-label="What changes"
      data-judged={state.judged}
    >
      <h1 class="draft-headline">
        {edited === undefined ? 'Reading the draft' : headlineOf(state, label)}
      </h1>
      {error !== undefined && <p role="alert">{error}</p>}
      {problems.length > 0 && (
        <div class="draft-problems" role="alert">
          <p>This draft cannot be read, so the picture is that of the last one that could be.</p>
          <Problems problems={problems} />
        </div>
      )}
      {edited !== undefined && (
        <>
          {edited.changes.length > 0 && <ChangesList changes={edited.changes} />}
          <EditedMap edited={edited} draftKey={draftKey} against={against} />
          <SlowDim busy={state.busy}>
            {edited.grid.deviations === undefined && (
              // biome-ignore lint/a11y/noNoninteractiveTabindex: a table that scrolls must be reachable by keyboard
              <section class="wide" tabIndex={0} aria-label="Matrix of the draft">
                <MatrixTable
                  grid={edited.grid}
                  before={edited.before}
                  size="small"
                  label="Sources by targets, as the draft would have them"
                />
              </section>
            )}
          </SlowDim>
          <p class="draft-foot">
            <span>
              <VerdictMark kind="allowed" /> Predicted in this page, nothing was sent.{' '}
              {findingsHeadline(findings)}.
            </span>
            <span class="millis">
              read {Math.round(edited.millis.read)} ms · judged {Math.round(edited.millis.judge)} ms
            </span>
          </p>
          {command !== undefined && (
            <p class="remark">
              Packets prove it on your machine: keep the file, then{' '}
              <CommandLine command={command} />
            </p>
          )}
        </>
      )}
    </section>
  );
}

const headlineOf = ({ edited }: DraftState, label: string): string => {
  const changes = edited?.changes ?? [];
  return changes.length === 0
    ? `No flow changes against ${label}`
    : `${changesHeadline(changes)} against ${label}`;
};

/** The old answer stays while a new one is computed; it pales only where that takes long. */
function SlowDim({
  busy,
  children,
}: {
  readonly busy: boolean;
  readonly children: ComponentChildren;
}) {
  const [slow, setSlow] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => {
    if (busy) timer.current = setTimeout(() => setSlow(true), 150);
    else setSlow(false);
    return () => clearTimeout(timer.current);
  }, [busy]);
  return <div class={slow ? 'slow' : undefined}>{children}</div>;
}
