import { join } from 'node:path';
import { spawn } from '@lydell/node-pty';

const ROOT = join(__dirname, '../..');
const CONFIRM = join(ROOT, 'lib/cli/common/confirm.ts');

/** What a person sees who is asked at a terminal, and types this once the question is there. */
function asked(keys: string): Promise<{ readonly code: number; readonly screen: string }> {
  const script = `const { confirmed } = require(${JSON.stringify(CONFIRM)});
    confirmed('go on?').then((yes) => process.exit(yes ? 10 : 11));`;
  const args = ['--import', join(ROOT, 'bin/tsx.mjs'), '-e', script];
  const { NODE_OPTIONS: _, ...env } = process.env;
  const pty = spawn(process.execPath, args, { cwd: ROOT, env, cols: 80, rows: 24 });
  let screen = '';
  let isTyped = false;
  pty.onData((data) => {
    screen += data;
    if (isTyped || !screen.includes('[y/N] ')) return;
    isTyped = true;
    pty.write(keys);
  });
  return new Promise((resolve) =>
    pty.onExit(({ exitCode }) => resolve({ code: exitCode, screen })),
  );
}

test.each([
  ['y', 'y\r', 10],
  ['yes', 'YES\r', 10],
  ['n', 'n\r', 11],
  ['nothing', '\r', 11],
  ['the end of input', '\x04', 11],
  ['Ctrl-C', '\x03', 130],
])('a question that is answered with %s', async (_, keys, code) => {
  const end = await asked(keys);
  expect(end.code).toBe(code);
  expect(end.screen).not.toMatch(/\n\s+at |ABORT/);
});
