import type { Severity } from '../../model/finding';
import type { Vocabulary } from '../engine/types';

/** Something to say about a line. */
export interface EditorNote {
  /** From 1. */
  readonly line: number;
  readonly severity: Severity;
  readonly message: string;
  /** What to write instead. */
  readonly fix: string;
  /** Name of the finding. */
  readonly code?: string;
  /** A replacement that one click makes, in the line of the note. */
  readonly replace?: { readonly from: string; readonly to: string };
}

export interface EditorOptions {
  readonly parent: HTMLElement;
  readonly text: string;
  /** The text without the edits: lines that differ are marked. */
  readonly original: string;
  readonly label: string;
  readonly vocabulary: Vocabulary;
  readonly onChange: (text: string) => void;
  /** The line of the cursor, from 1. */
  readonly onLine: (line: number) => void;
  /** Ctrl-Enter or Cmd-Enter. */
  readonly onTry: () => void;
}

/** An open editor. */
export interface EditorHandle {
  readonly text: () => string;
  readonly show: (notes: readonly EditorNote[]) => void;
  readonly know: (vocabulary: Vocabulary) => void;
  /** Scrolls to a line, from 1, and puts the cursor there. */
  readonly goTo: (line: number) => void;
  readonly undo: () => void;
  /** Replaces the text, as one step that can be undone. */
  readonly replace: (text: string) => void;
  readonly focus: () => void;
  readonly close: () => void;
}

/** What `editor.js` leaves on the page. */
export interface EditorScript {
  readonly open: (options: EditorOptions) => EditorHandle;
}
