import { join } from 'node:path';
import type { BuildOptions } from 'esbuild';

/** A file of the site: its path from the site's folder, and its bytes. */
export interface SiteOutput {
  readonly path: string;
  readonly bytes: Uint8Array;
}

const BOOK = join(__dirname, '..', 'book');

/** The scripts of the book by the name they are served under. */
const SCRIPTS = {
  'page.js': 'page.tsx',
  'editor.js': 'editor/editor.ts',
  'terminal.js': 'terminal/terminal.ts',
  'engine.js': 'engine/worker.ts',
  'recommend.js': 'engine/recommender.ts',
} as const;

const OPTIONS: BuildOptions = {
  bundle: true,
  minify: true,
  write: false,
  format: 'iife',
  platform: 'browser',
  target: ['es2022'],
  charset: 'utf8',
  legalComments: 'none',
  logLevel: 'silent',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  // Kinesis records are compressed; a browser cannot decompress them in one call, so they are refused.
  // What a text may take of a browser's memory is asked of the browser.
  alias: {
    'node:zlib': join(__dirname, 'no-gunzip.ts'),
    'node:v8': join(BOOK, 'engine', 'heap.ts'),
  },
  define: { 'process.env.NODE_ENV': '"production"' },
};

/** Scripts and styles of the book, each in one file. */
export async function bundleBook(): Promise<readonly SiteOutput[]> {
  // Loaded only here: commands that build no site start without it.
  const { build } = await import('esbuild');
  const outputs = Object.entries(SCRIPTS).map(async ([path, source]) => {
    const { outputFiles = [] } = await build({ ...OPTIONS, entryPoints: [join(BOOK, source)] });
    const text = outputFiles[0]?.text ?? '';
    return { path, bytes: bytesOf(IN_WORKER.includes(path) ? asWorkerOrText(path, text) : text) };
  });
  const styles = build({
    ...OPTIONS,
    entryPoints: [join(BOOK, 'styles', 'book.css')],
  }).then(({ outputFiles = [] }) => ({
    path: 'book.css',
    bytes: bytesOf(outputFiles[0]?.text ?? ''),
  }));
  return Promise.all([...outputs, styles]);
}

/** Scripts of the worker. */
const IN_WORKER: readonly string[] = ['engine.js', 'recommend.js'];

/**
 * A script that runs where it is in a worker, and elsewhere leaves itself as a function under its name:
 * a page from a folder makes a worker of its text.
 */
const asWorkerOrText = (name: string, script: string): string =>
  `(run=>{if(typeof document==="undefined")run();else(globalThis.labBookScripts??={})[${JSON.stringify(name)}]=run})(function(){${script}\n});\n`;

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
