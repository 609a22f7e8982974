import { autocompletion, closeBrackets, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab, undo } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import {
  bracketMatching,
  indentOnInput,
  indentUnit,
  syntaxHighlighting,
} from '@codemirror/language';
import { searchKeymap } from '@codemirror/search';
import { EditorState, type Extension } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  gutterLineClass,
  highlightActiveLine,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import type { Vocabulary } from '../engine/types';
import { completeFrom } from './completion';
import { HIGHLIGHT, LOOK } from './look';
import { changedField, notesField, setNotes } from './notes';
import type { EditorHandle, EditorOptions, EditorScript } from './types';

/** Opens an editor in a shadow tree of the element: its styles stay inside, as constructed sheets. */
function open(options: EditorOptions): EditorHandle {
  const { parent, text } = options;
  const root = parent.shadowRoot ?? parent.attachShadow({ mode: 'open' });
  let vocabulary = options.vocabulary;
  const view = new EditorView({
    state: EditorState.create({ doc: text, extensions: extensionsOf(options, () => vocabulary) }),
    parent: root,
    root,
  });
  return {
    text: () => view.state.doc.toString(),
    show: (notes) => view.dispatch({ effects: setNotes.of(notes) }),
    know: (more) => {
      vocabulary = more;
    },
    goTo: (number) => goTo(view, number),
    undo: () => undo(view),
    replace: (insert) => {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert } });
    },
    focus: () => view.focus(),
    close: () => view.destroy(),
  };
}

function goTo(view: EditorView, number: number): void {
  const line = view.state.doc.line(Math.max(1, Math.min(number, view.state.doc.lines)));
  view.dispatch({
    selection: { anchor: line.from },
    effects: EditorView.scrollIntoView(line.from, { y: 'start', yMargin: 8 }),
  });
}

function extensionsOf(options: EditorOptions, vocabulary: () => Vocabulary): readonly Extension[] {
  const { original, label, onChange, onLine, onTry } = options;
  const changed = changedField(original);
  return [
    lineNumbers(),
    history(),
    drawSelection(),
    indentOnInput(),
    indentUnit.of('  '),
    bracketMatching(),
    closeBrackets(),
    highlightActiveLine(),
    yaml(),
    syntaxHighlighting(HIGHLIGHT),
    autocompletion({ override: [completeFrom(vocabulary)], icons: false }),
    notesField,
    changed,
    gutterLineClass.from(changed),
    keymap.of([
      { key: 'Mod-Enter', run: () => run(onTry) },
      ...completionKeymap,
      // Escape leaves the text, so that Tab is no trap for the keyboard.
      { key: 'Escape', run: leave },
      ...defaultKeymap,
      ...historyKeymap,
      ...searchKeymap,
      indentWithTab,
    ]),
    EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) onChange(update.state.doc.toString());
      if (update.selectionSet || update.docChanged) {
        const { head } = update.state.selection.main;
        onLine(update.state.doc.lineAt(head).number);
      }
    }),
    LOOK,
  ];
}

function run(action: () => void): boolean {
  action();
  return true;
}

/** Where no list is open, the focus leaves the text. */
function leave(view: EditorView): boolean {
  view.contentDOM.blur();
  return true;
}

const script: EditorScript = { open };
(globalThis as { labBookEditor?: EditorScript }).labBookEditor = script;
