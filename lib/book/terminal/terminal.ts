import { FitAddon } from '@xterm/addon-fit';
import { type ITheme, Terminal } from '@xterm/xterm';
import type { TerminalEnd, TerminalInput } from '../../serve/api/shapes';
import { adoptStyles, strictDocument } from './document';
import type { TerminalHandle, TerminalOptions, TerminalScript } from './types';

/** Opens a terminal in an element: what it prints comes as bytes, what is typed goes as messages. */
function open({ parent, address, label, onEnd }: TerminalOptions): TerminalHandle {
  const terminal = new Terminal({
    documentOverride: strictDocument,
    fontFamily: variable('--mono'),
    fontSize: 12.5,
    lineHeight: 1.35,
    cursorBlink: !matchMedia('(prefers-reduced-motion: reduce)').matches,
    screenReaderMode: true,
    theme: themeOf(parent),
  });
  const fitting = new FitAddon();
  terminal.loadAddon(fitting);
  terminal.open(parent);
  terminal.textarea?.setAttribute('aria-label', label);
  fitting.fit();
  const { cols, rows } = terminal;
  const socket = new WebSocket(`${address}&columns=${cols}&rows=${rows}`);
  socket.binaryType = 'arraybuffer';
  const send = (input: TerminalInput): void => {
    if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(input));
  };
  let ended = false;
  const end = (why: string): void => {
    if (ended) return;
    ended = true;
    terminal.write(`\r\n[${why}]\r\n`);
    onEnd(why);
  };
  socket.addEventListener('message', ({ data }: MessageEvent<ArrayBuffer | string>) => {
    if (typeof data === 'string') end((JSON.parse(data) as TerminalEnd).why);
    else terminal.write(new Uint8Array(data));
  });
  socket.addEventListener('close', () => end('the connection was closed'));
  terminal.onData((data) => send({ kind: 'input', data }));
  terminal.onResize((size) => send({ kind: 'resize', columns: size.cols, rows: size.rows }));
  // A terminal behind another tab has no size of its own.
  const watch = new ResizeObserver(() => {
    if (parent.offsetHeight > 0) fitting.fit();
  });
  watch.observe(parent);
  const follow = followTheme(() => {
    terminal.options.theme = themeOf(parent);
  });
  return {
    focus: () => terminal.focus(),
    close: () => {
      watch.disconnect();
      follow.abort();
      socket.close();
      terminal.dispose();
    },
  };
}

const variable = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** Calls whenever the page gets another theme: the one that was chosen, or the system's. */
function followTheme(changed: () => void): AbortController {
  const end = new AbortController();
  const watch = new MutationObserver(changed);
  watch.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  end.signal.addEventListener('abort', () => watch.disconnect());
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', changed, {
    signal: end.signal,
  });
  return end;
}

function themeOf(parent: HTMLElement): ITheme {
  const ink = colour(parent, '--ink');
  return {
    background: colour(parent, '--surface'),
    foreground: ink,
    cursor: ink,
    selectionBackground: colour(parent, '--accent-soft'),
  };
}

/** A colour of the page as the theme has it now: the variable itself holds that of both themes. */
function colour(parent: HTMLElement, name: string): string {
  const sample = document.createElement('span');
  sample.style.color = `var(${name})`;
  parent.append(sample);
  const { color } = getComputedStyle(sample);
  sample.remove();
  return color;
}

adoptStyles();
const script: TerminalScript = { open };
(globalThis as { labBookTerminal?: TerminalScript }).labBookTerminal = script;
