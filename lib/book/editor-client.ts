import type { EditorScript } from './editor/types';
import { loadScript } from './scripts';

/** The editor, loaded when it is first opened. */
export async function loadEditor(): Promise<EditorScript> {
  await loadScript('editor.js');
  const script = (globalThis as { labBookEditor?: EditorScript }).labBookEditor;
  if (script === undefined) throw new Error('editor.js does not hold the editor');
  return script;
}
