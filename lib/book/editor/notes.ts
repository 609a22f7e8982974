import { type EditorState, RangeSet, StateEffect, StateField } from '@codemirror/state';
import {
  Decoration,
  type DecorationSet,
  EditorView,
  GutterMarker,
  WidgetType,
} from '@codemirror/view';
import { changedLines } from './changed';
import type { EditorNote } from './types';

/** Shows these notes in place of those before. */
export const setNotes = StateEffect.define<readonly EditorNote[]>();

/** A note below its line: text alone, never markup. */
class NoteWidget extends WidgetType {
  constructor(private readonly note: EditorNote) {
    super();
  }

  override eq(other: NoteWidget): boolean {
    return JSON.stringify(other.note) === JSON.stringify(this.note);
  }

  override toDOM(view: EditorView): HTMLElement {
    const { severity, message, fix, code, replace } = this.note;
    const box = document.createElement('div');
    box.className = `note note-${severity}`;
    box.append(paragraph('note-message', `${severity}: ${message}`));
    const foot = paragraph('note-fix', '');
    if (replace === undefined) foot.append(fix);
    else foot.append(this.button(view, replace));
    if (code !== undefined) foot.append(textIn('span', 'note-code', code));
    box.append(foot);
    const line = document.createElement('div');
    line.className = 'note-line';
    line.append(box);
    return line;
  }

  override ignoreEvent(): boolean {
    return true;
  }

  private button(
    view: EditorView,
    { from, to }: NonNullable<EditorNote['replace']>,
  ): HTMLButtonElement {
    const button = textIn('button', 'note-button', `Change to ${to}`) as HTMLButtonElement;
    button.type = 'button';
    button.addEventListener('click', () => {
      const { line: number } = this.note;
      if (number > view.state.doc.lines) return;
      const line = view.state.doc.line(number);
      const at = line.text.lastIndexOf(from);
      if (at < 0) return;
      const start = line.from + at;
      view.dispatch({ changes: { from: start, to: start + from.length, insert: to } });
      view.focus();
    });
    return button;
  }
}

const textIn = (name: string, look: string, text: string): HTMLElement => {
  const element = document.createElement(name);
  element.className = look;
  element.textContent = text;
  return element;
};

const paragraph = (look: string, text: string): HTMLElement => textIn('p', look, text);

/** The notes as decorations; they move with the text until the next ones come. */
export const notesField = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(shown, transaction) {
    const moved = shown.map(transaction.changes);
    return transaction.effects.reduce(
      (before, effect) =>
        effect.is(setNotes) ? decorationsOf(effect.value, transaction.state) : before,
      moved,
    );
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** Findings for which there is no room are counted by the page. */
const MOST = 40;

function decorationsOf(notes: readonly EditorNote[], { doc }: EditorState): DecorationSet {
  const ranges = notes.slice(0, MOST).flatMap((note) => {
    if (note.line < 1 || note.line > doc.lines) return [];
    const line = doc.line(note.line);
    const value = /^(\s*(?:- )*(?:[^:]+:\s+)?)(.*?)\s*$/.exec(line.text);
    const start = line.from + (value?.[1]?.length ?? 0);
    const box = Decoration.widget({ widget: new NoteWidget(note), block: true, side: 1 });
    const wave = Decoration.mark({ class: `wave wave-${note.severity}` });
    const boxed = box.range(line.to);
    return start < line.to ? [wave.range(start, line.to), boxed] : [boxed];
  });
  return Decoration.set(ranges, true);
}

class ChangedMarker extends GutterMarker {
  override elementClass = 'changed-line';
}

const marker = new ChangedMarker();

/** A bar at the number of each line that differs from the original. */
export const changedField = (original: string) =>
  StateField.define<RangeSet<GutterMarker>>({
    create: (state) => markersOf(original, state),
    update: (shown, transaction) =>
      transaction.docChanged ? markersOf(original, transaction.state) : shown,
  });

function markersOf(original: string, { doc }: EditorState): RangeSet<GutterMarker> {
  const changed = [...changedLines(original, doc.toString())].sort((a, b) => a - b);
  return RangeSet.of(
    changed.filter((line) => line <= doc.lines).map((line) => marker.range(doc.line(line).from)),
  );
}
