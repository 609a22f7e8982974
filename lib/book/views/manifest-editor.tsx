import { useEffect, useRef, useState } from 'preact/hooks';
import type { EditorHandle } from '../editor/types';
import { loadEditor } from '../editor-client';
import type { Vocabulary } from '../engine/types';
import { askEngine } from '../engine-client';
import type { DraftState } from '../prediction';
import { crumbOf } from './crumb';
import { DraftActions } from './draft-actions';
import { notesOf } from './draft-notes';

interface ManifestEditorProps {
  /** Name of the file that is kept. */
  readonly name: string;
  /** Key of the world whose names are completed. */
  readonly worldKey: string;
  readonly original: string;
  readonly text: string;
  readonly state: DraftState;
  readonly onChange: (text: string) => void;
  /** The lab whose stage it is: packets try a draft of it. */
  readonly lab?: { readonly id: string; readonly stage: string };
}

/** The text of the objects, with what is wrong at its line. */
export function ManifestEditor(props: ManifestEditorProps) {
  const { name, original, text, state, onChange } = props;
  const [line, setLine] = useState(1);
  const { host, handle, error } = useEditor(props, setLine);
  useEffect(() => {
    handle.current?.editor.show(notesOf(state, text, handle.current.vocabulary));
  }, [state, handle, text]);
  const changed = text !== original;
  return (
    <section class="editor-pane" aria-label="Editor">
      <div class="editor-bar">
        <strong>{name}</strong>
        <span class="remark">{changed ? 'edited, nothing is applied' : 'not edited'}</span>
        <span class="grow" />
        <button
          type="button"
          class="quiet"
          disabled={!changed}
          onClick={() => {
            handle.current?.editor.replace(original);
            onChange(original);
          }}
        >
          Reset
        </button>
      </div>
      <DraftActions name={name} text={text} {...(props.lab && { lab: props.lab })} />
      <p class="crumb" aria-live="off">
        {crumbOf(text, line)}
      </p>
      {error !== undefined && <p role="alert">{error}</p>}
      <div class="editor-host" ref={host} />
    </section>
  );
}

/** An open editor and the names that it completes. */
interface OpenedEditor {
  readonly editor: EditorHandle;
  readonly vocabulary: Vocabulary;
}

/** Loads the editor and opens it once in the element. */
function useEditor(props: ManifestEditorProps, onLine: (line: number) => void) {
  const host = useRef<HTMLDivElement>(null);
  const handle = useRef<OpenedEditor | undefined>(undefined);
  const [error, setError] = useState<string | undefined>(undefined);
  const [, setReady] = useState(false);
  const change = useRef(props.onChange);
  change.current = props.onChange;
  useEffect(() => {
    let closed = false;
    const open = async (): Promise<void> => {
      const script = await loadEditor();
      const vocabulary = await askEngine('vocabulary', { key: props.worldKey });
      const parent = host.current;
      if (closed || parent === null) return;
      const { text, original, name } = props;
      const editor = script.open({
        parent,
        text,
        original,
        vocabulary,
        label: `Objects of ${name}`,
        onChange: (next) => change.current(next),
        onLine,
        onTry: () => undefined,
      });
      handle.current = { editor, vocabulary };
      editor.goTo(firstPolicy(text));
      setReady(true);
    };
    open().catch((cause: unknown) => setError(cause instanceof Error ? cause.message : `${cause}`));
    return () => {
      closed = true;
      handle.current?.editor.close();
      handle.current = undefined;
    };
  }, [props.worldKey]);
  return { host, handle, error };
}

/** The line at which the first policy's object begins: that is what one came for. */
function firstPolicy(text: string): number {
  const lines = text.split('\n');
  const kind = lines.findIndex((line) => /^kind:\s*\w*(Policy|Tier)\b/.test(line));
  if (kind < 0) return 1;
  const start = lines.slice(0, kind).findLastIndex((line) => line.startsWith('---'));
  return start + 2;
}
