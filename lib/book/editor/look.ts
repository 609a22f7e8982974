import { HighlightStyle } from '@codemirror/language';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

/** The page's colours reach into the shadow tree as variables. */
export const LOOK = EditorView.theme({
  '&': {
    height: '100%',
    color: 'var(--ink)',
    backgroundColor: 'var(--surface)',
    fontSize: '12.5px',
  },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': {
    fontFamily: 'var(--mono)',
    lineHeight: '20px',
    fontVariantLigatures: 'none',
    overflow: 'auto',
    containerType: 'inline-size',
  },
  '.cm-content': { caretColor: 'var(--ink)', padding: '12px 0' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground':
    { backgroundColor: 'var(--accent-soft)' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'transparent' },
  '&.cm-focused .cm-activeLine': { backgroundColor: 'var(--line-wash)' },
  '.cm-gutters': {
    backgroundColor: 'var(--surface)',
    color: 'var(--ink-3)',
    border: 'none',
    paddingLeft: '8px',
  },
  '.cm-lineNumbers .cm-gutterElement': { padding: '0 14px 0 4px', minWidth: '40px' },
  '.changed-line': { boxShadow: 'inset -3px 0 0 var(--accent)' },
  '.cm-matchingBracket, &.cm-focused .cm-matchingBracket': {
    backgroundColor: 'transparent',
    outline: '1px solid var(--line-strong)',
  },
  '.cm-tooltip': {
    backgroundColor: 'var(--surface)',
    border: '1px solid var(--line-strong)',
    borderRadius: '8px',
    overflow: 'hidden',
  },
  '.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--mono)', maxHeight: '240px' },
  '.cm-tooltip-autocomplete > ul > li': { padding: '3px 12px', color: 'var(--ink)' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': {
    backgroundColor: 'var(--accent)',
    color: 'var(--on-accent)',
  },
  '.cm-panels': { backgroundColor: 'var(--sunk)', color: 'var(--ink)' },
  '.cm-panel.cm-search input, .cm-panel.cm-search button, .cm-panel.cm-search label': {
    fontSize: '13px',
    color: 'var(--ink)',
  },
  '.cm-textfield': { backgroundColor: 'var(--surface)', border: '1px solid var(--line-strong)' },
  '.cm-button': {
    backgroundImage: 'none',
    backgroundColor: 'var(--surface)',
    border: '1px solid var(--line-strong)',
    borderRadius: '6px',
  },
  '.wave': { textDecoration: 'underline wavy 1px', textUnderlineOffset: '4px' },
  '.wave-error': { textDecorationColor: 'var(--deny)' },
  '.wave-warning, .wave-note': { textDecorationColor: 'var(--ink-3)' },
  // Space around a block must be padding: the editor does not measure margins.
  '.note-line': { padding: '6px 24px 8px 4px' },
  '.note': {
    padding: '9px 14px',
    border: '1px solid var(--line-strong)',
    borderRadius: '8px',
    backgroundColor: 'var(--surface)',
    fontFamily: 'var(--font)',
    fontSize: '13px',
    lineHeight: '20px',
    whiteSpace: 'normal',
    maxWidth: 'min(560px, calc(100cqw - 96px))',
  },
  '.note-error': { borderColor: 'var(--deny)' },
  '.note p': { margin: '0' },
  '.note-message': { color: 'var(--ink)' },
  '.note-fix': { color: 'var(--ink-2)' },
  '.note-code': { color: 'var(--ink-3)', marginLeft: '14px' },
  '.note-button': {
    font: 'inherit',
    color: 'var(--accent)',
    background: 'none',
    border: 'none',
    padding: '0',
    cursor: 'pointer',
    textDecoration: 'underline',
    textUnderlineOffset: '3px',
  },
});

/** YAML in two inks: keys in accent, everything else as text; comments pale. */
export const HIGHLIGHT = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--accent)' },
  { tag: [tags.comment, tags.lineComment], color: 'var(--ink-3)' },
  { tag: [tags.meta, tags.punctuation, tags.separator], color: 'var(--ink-2)' },
]);
