import type { Page } from 'playwright-core';
import { violations } from './axe';
import { inChromium } from './in-chromium';
import { type OpenedLiveBook, openLiveBook } from './served-book';

const PATIENCE = { timeout: 60_000 } as const;
const LAB = 'k8s-1-pods';

const press = (page: Page, name: string | RegExp): Promise<void> =>
  page.getByRole('button', { name }).first().click();

/** What only the live book shows: how one comes there, and a word that shows that it is there. */
const STATES: readonly (readonly [string, (book: OpenedLiveBook) => Promise<void>])[] = [
  [
    'a failed check',
    async ({ page, go }) => {
      await go(`#/lab/${LAB}/text`);
      await press(page, 'Bring the lab up');
      await page.getByRole('button', { name: 'Take it down' }).waitFor(PATIENCE);
      await press(page, /^Check/);
      await page.locator('.check-results li.wrong').first().waitFor(PATIENCE);
    },
  ],
  [
    'an open terminal',
    async ({ page }) => {
      await page.getByLabel('Open a terminal in').selectOption({ index: 1 });
      await page.locator('.xterm-screen').waitFor(PATIENCE);
    },
  ],
  [
    'a matrix that was sent',
    async ({ page, go }) => {
      await go(`#/lab/${LAB}/matrix`);
      await press(page, /^Send the packets/);
      await page.getByRole('button', { name: /^Send again/ }).waitFor(PATIENCE);
      await page.locator('.action-line').waitFor({ state: 'detached', ...PATIENCE });
    },
  ],
  [
    'a draft that was tried',
    async ({ page, go }) => {
      await go(`#/lab/${LAB}/editor`);
      await page.locator('.draft-foot').waitFor(PATIENCE);
      await press(page, 'Try it with packets');
      await page.getByText(/flows sent/).waitFor(PATIENCE);
    },
  ],
  [
    'what the kernel has',
    async ({ page, go }) => {
      await go(`#/lab/${LAB}/packets`);
      await press(page, 'What the kernel has');
      await page.getByText(/^Routes of/).waitFor(PATIENCE);
      await page.getByText(/^Routes of/).click();
    },
  ],
];

inChromium('the live lab book while a lab is up', () => {
  let book: OpenedLiveBook;
  beforeAll(async () => {
    book = await openLiveBook();
  });
  afterAll(async () => expect(await book.close()).toEqual([]));

  test('a failed check is lit on the map, and the one under the pointer', async () => {
    const { page, go } = book;
    await go('#/lab/k8s-5-network-policy/text');
    await press(page, 'Bring the lab up');
    await page.getByRole('button', { name: 'Take it down' }).waitFor(PATIENCE);
    expect(await page.locator('.stage-picture [data-state="failed"]').count()).toBe(0);
    await press(page, /^Check/);
    const lit = page.locator('.stage-picture [data-state="failed"]');
    await lit.waitFor(PATIENCE);
    expect(await lit.getAttribute('data-edge')).toMatch(/frontend .*backend failed 8080$/);
    await page
      .getByRole('listitem')
      .filter({ hasText: /^outside\/stranger -> db:5432/ })
      .hover();
    await page.locator('.stage-picture [data-edge$="db failed 5432"]').waitFor(PATIENCE);
    expect(await lit.count()).toBe(1);
    await press(page, 'Take it down');
    await page.getByRole('button', { name: 'Bring the lab up' }).waitFor(PATIENCE);
    await lit.waitFor({ state: 'detached' });
  });

  test.each(STATES)('%s breaks no rule of axe, light and dark', async (name, open) => {
    const { page } = book;
    await open(book);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect([name, colorScheme, ...(await violations(page))]).toEqual([name, colorScheme]);
    }
    await page.setViewportSize({ width: 375, height: 812 });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    await page.setViewportSize({ width: 1440, height: 900 });
    expect([name, wide]).toEqual([name, 375]);
    expect([name, ...book.errors]).toEqual([name]);
  });
});
