import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { links, marked, remains } from '../packets/remains';
import { CHROMIUM } from './browser';

const CLI = join(__dirname, '..', '..', 'bin', 'lab');

/** `lab book` in a process of its own, and a browser that opened the address that it printed. */
export interface OpenedLiveBook {
  readonly page: Page;
  readonly origin: string;
  /** The learner's state and the folder in which the book keeps files. */
  readonly folder: string;
  /** Errors of scripts, blocked styles, failed requests; of this page. */
  readonly errors: string[];
  /** Goes to an address after `#`. */
  readonly go: (hash: string) => Promise<void>;
  /** Processes of labs that are up. */
  readonly labProcesses: () => readonly string[];
  /** Ends the book as Ctrl-C does; answers every process that is left. */
  readonly close: () => Promise<readonly string[]>;
}

export async function openLiveBook(): Promise<OpenedLiveBook> {
  const folder = mkdtempSync(join(tmpdir(), 'lab-live-'));
  const value = randomUUID();
  const mark = `LAB_TEST_MARK=${value}`;
  const before = links();
  const { NODE_OPTIONS: _, ...rest } = process.env;
  const child = spawn(process.execPath, [CLI, 'book', '--json'], {
    cwd: folder,
    env: { ...rest, XDG_STATE_HOME: folder, LAB_TEST_MARK: value },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const { url } = JSON.parse(await firstLine(child)) as { readonly url: string };
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox'],
  });
  const page = await newPage(browser);
  const errors = watch(page);
  await page.goto(url);
  const { origin } = new URL(url);
  return {
    page,
    origin,
    folder,
    errors,
    go: async (hash) => {
      await page.goto(`${origin}/#/`);
      await page.goto(`${origin}/${hash}`);
    },
    labProcesses: () => marked(mark).filter((line) => / unshare |lab-holder/.test(line)),
    close: async () => {
      await browser.close();
      child.kill('SIGINT');
      await new Promise((resolve) => child.once('exit', resolve));
      const left = await remains(mark);
      if (links() !== before) throw new Error('the machine has other links than before');
      rmSync(folder, { recursive: true, force: true });
      return left;
    },
  };
}

const newPage = (browser: Browser): Promise<Page> =>
  browser.newPage({
    viewport: { width: 1440, height: 900 },
    colorScheme: 'light',
    reducedMotion: 'reduce',
  });

const firstLine = (child: ChildProcess): Promise<string> =>
  new Promise((resolve, reject) => {
    child.stdout?.once('data', (data: Buffer) => resolve(data.toString().split('\n')[0] ?? ''));
    child.once('exit', (code) => reject(new Error(`lab book ended with ${code}`)));
  });

function watch(page: Page): string[] {
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  return errors;
}
