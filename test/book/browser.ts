import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Browser, chromium, type Page } from 'playwright-core';

const ROOT = join(__dirname, '..', '..');
const run = promisify(execFile);

/** Debian's browser. */
export const CHROMIUM = '/usr/bin/chromium';

/** The site as a plain static file server gives it out, and a browser. */
export interface OpenSite {
  readonly folder: string;
  readonly address: string;
  readonly browser: Browser;
  /** A page that records what it asks for and what goes wrong in it. */
  readonly page: (options?: PageOptions) => Promise<WatchedPage>;
  readonly close: () => Promise<void>;
}

export interface PageOptions {
  readonly width?: number;
  readonly height?: number;
  readonly theme?: 'light' | 'dark';
}

export interface WatchedPage {
  readonly page: Page;
  readonly requests: string[];
  /** Errors of scripts, blocked styles and failed requests. */
  readonly errors: string[];
}

/** Builds the site, serves it on loopback and starts the browser. */
export async function openSite(): Promise<OpenSite> {
  const folder = mkdtempSync(join(tmpdir(), 'lab-book-'));
  await run('node', [join(ROOT, 'bin', 'lab'), 'book', '--out', folder]);
  const server = await serve(folder);
  const { port } = server.address() as AddressInfo;
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  const address = `http://127.0.0.1:${port}/`;
  return {
    folder,
    address,
    browser,
    page: (options) => watchedPage(browser, options ?? {}),
    close: async () => {
      await browser.close();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function watchedPage(browser: Browser, options: PageOptions): Promise<WatchedPage> {
  const { width = 1440, height = 900, theme = 'light' } = options;
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: theme,
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  const requests: string[] = [];
  const errors: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  return { page, requests, errors };
}

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
};

/** Files of a folder, nothing more: what any static host does. */
function serve(folder: string): Promise<Server> {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const file = join(folder, path === '/' ? 'index.html' : path);
    if (!file.startsWith(folder) || !existsSync(file)) {
      response.writeHead(404).end();
      return;
    }
    const type = TYPES[file.split('.').at(-1) ?? ''] ?? 'application/octet-stream';
    response.writeHead(200, { 'content-type': type }).end(readFileSync(file));
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(server));
  });
}

/** Gives files to the page of a person's own network, as if they were chosen. */
export async function giveFiles(
  page: Page,
  files: readonly { readonly name: string; readonly text: string }[],
): Promise<void> {
  await page
    .locator('.drop input')
    .setInputFiles(
      files.map(({ name, text }) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(text) })),
    );
  await page
    .locator('.file-list li')
    .nth(files.length - 1)
    .waitFor();
}
