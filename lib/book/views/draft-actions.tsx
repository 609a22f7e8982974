import { useState } from 'preact/hooks';
import type { TryAnswer } from '../../serve/api/shapes';
import { useAction } from '../action';
import { download } from '../download';
import { act, isLive, keepFile, LiveError, upLab } from '../live';
import { ActionLine } from '../parts/action-line';

interface DraftActionsProps {
  readonly name: string;
  readonly text: string;
  /** The lab whose stage is edited: its packets. Absent for a person's own files. */
  readonly lab?: { readonly id: string; readonly stage: string };
}

/** What came of the last action. */
interface Outcome {
  readonly said: string;
  readonly differing: TryAnswer['differing'];
  /** A file of that name is there: it is overwritten only when that is said. */
  readonly exists?: true;
}

const NOTHING: Outcome = { said: '', differing: [] };

/** What can be done with a draft: keep it; live, try it with packets and apply it to the lab. */
export function DraftActions({ name, text, lab }: DraftActionsProps) {
  const { state, run } = useAction();
  const [outcome, setOutcome] = useState(NOTHING);
  const keep = (overwrite: boolean) =>
    run(async () => setOutcome(await kept(name, text, overwrite)));
  const isUp = lab !== undefined && upLab(lab.id) !== undefined;
  const tryIt = (id: string, stage: string) =>
    run(async (progress) => {
      setOutcome(NOTHING);
      const sources = [{ path: name, text }];
      const tried = await act(id, 'try', { stage, sources }, { progress });
      setOutcome(proven('Tried in a network of its own, which is gone', tried));
    });
  const apply = (id: string) =>
    run(async (progress) => {
      setOutcome(NOTHING);
      const moved = await act(id, 'apply', { name, text }, { progress });
      const said = 'Applied to the lab; objects that the draft leaves out stay in it';
      setOutcome(proven(said, moved));
    });
  return (
    <>
      <div class="editor-actions">
        <button type="button" class="secondary" disabled={state.busy} onClick={() => keep(false)}>
          Keep as a file
        </button>
        {isLive && lab !== undefined && (
          <>
            <button
              type="button"
              class="secondary"
              disabled={state.busy || !isUp}
              title={isUp ? undefined : 'Bring the lab up first'}
              onClick={() => apply(lab.id)}
            >
              Apply to the lab
            </button>
            <button
              type="button"
              class="primary"
              disabled={state.busy}
              onClick={() => tryIt(lab.id, lab.stage)}
            >
              Try it with packets
            </button>
          </>
        )}
      </div>
      <ActionLine
        busy={state.busy}
        text={state.text}
        problem={state.error?.problem}
        fix={state.error?.fix}
      />
      {!state.busy && <OutcomeLines outcome={outcome} onOverwrite={() => keep(true)} />}
    </>
  );
}

/** In the published book the browser keeps it; live, the folder of `lab book` does. */
async function kept(name: string, text: string, overwrite: boolean): Promise<Outcome> {
  if (!isLive) {
    download(name, text);
    return NOTHING;
  }
  try {
    const { path, bytes } = await keepFile({ name, text, overwrite });
    return { said: `Kept as ${path}, ${bytes} bytes.`, differing: [] };
  } catch (cause) {
    if (!(cause instanceof LiveError) || cause.code !== 'exists') throw cause;
    return { said: `${cause.problem}.`, differing: [], exists: true };
  }
}

interface ProvenFlows {
  readonly flows: number;
  readonly millis: number;
  readonly differing: TryAnswer['differing'];
}

const proven = (what: string, { flows, millis, differing }: ProvenFlows): Outcome => ({
  said: `${what}. ${flows} flows sent in ${Math.round(millis)} ms: ${
    differing.length === 0
      ? 'all went as predicted.'
      : `${differing.length} differ from the prediction.`
  }`,
  differing,
});

function OutcomeLines({
  outcome: { said, differing, exists },
  onOverwrite,
}: {
  readonly outcome: Outcome;
  readonly onOverwrite: () => void;
}) {
  if (said === '') return null;
  return (
    <div class="remark editor-done" role="status">
      <p>
        {said}{' '}
        {exists && (
          <button type="button" class="quiet" onClick={onOverwrite}>
            Overwrite it
          </button>
        )}
      </p>
      <ul>
        {differing.slice(0, 20).map(({ from, to, protocol, port, predicted, observed }) => (
          <li key={`${from} ${to} ${protocol} ${port}`}>
            <code>
              {from} → {to} {protocol} {port ?? ''}
            </code>
            : predicted {predicted.verdict}, observed {observed.verdict} ({observed.observation})
          </li>
        ))}
        {differing.length > 20 && <li>and {differing.length - 20} more</li>}
      </ul>
    </div>
  );
}
