import type { Page } from 'playwright-core';
import { inChromium } from './in-chromium';
import { type OpenedLiveBook, openLiveBook } from './served-book';

/** A person without a mouse: every key is counted. */
interface Typist {
  readonly press: (key: string) => Promise<void>;
  readonly type: (text: string) => Promise<void>;
  /** Tab until the focus is on something of this name. */
  readonly tabTo: (name: RegExp) => Promise<void>;
  readonly keys: () => number;
}

function typistAt(page: Page): Typist {
  let count = 0;
  const press = async (key: string): Promise<void> => {
    count += 1;
    await page.keyboard.press(key);
  };
  return {
    press,
    type: async (text) => {
      count += text.length;
      await page.keyboard.type(text);
    },
    tabTo: async (name) => {
      for (let i = 0; i < 200; i += 1) {
        if (name.test(await focused(page))) return;
        await press('Tab');
      }
      throw new Error(`Tab does not lead to ${name}`);
    },
    keys: () => count,
  };
}

/** The name of what has the focus, as a screen reader says it. */
const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const { activeElement } = document;
    return activeElement?.getAttribute('aria-label') ?? activeElement?.textContent?.trim() ?? '';
  });

const PATIENCE = { timeout: 60_000 } as const;

inChromium('the live lab book by keyboard alone', () => {
  let book: OpenedLiveBook;
  beforeAll(async () => {
    book = await openLiveBook();
  });
  afterAll(async () => expect(await book.close()).toEqual([]));

  test('a lab is found, brought up, checked, solved, passed and taken down', async () => {
    const { page } = book;
    const { press, type, tabTo, keys } = typistAt(page);
    await page.locator('.card').first().waitFor();
    await press('/');
    await type('k8s-5');
    await press('Enter');
    expect(await focused(page)).toMatch(/k8s-5/);
    await press('Enter');
    await page.getByRole('button', { name: 'Bring the lab up' }).waitFor();
    await tabTo(/^Bring the lab up$/);
    await press('Enter');
    await page.getByRole('button', { name: 'Take it down' }).waitFor(PATIENCE);
    await press('c');
    await page.locator('.check-results li.wrong').first().waitFor(PATIENCE);
    for (const step of [0, 1, 2]) {
      await tabTo(/^Solve it$/);
      await press('Enter');
      await page.locator('.action-line').first().waitFor(PATIENCE);
      await page
        .locator('.action-line')
        .first()
        .waitFor({ state: 'detached', ...PATIENCE });
      await press('c');
      await page.locator('.task').nth(step).locator('.task-number.done').waitFor(PATIENCE);
    }
    await tabTo(/^Take it down$/);
    await press('Enter');
    await page.getByRole('button', { name: 'Bring the lab up' }).waitFor(PATIENCE);
    expect(book.labProcesses()).toEqual([]);
    expect(book.errors).toEqual([]);
    console.log(`a whole lab by keyboard: ${keys()} keys`);
  }, 240_000);

  test('a terminal is opened, used and left', async () => {
    const { page } = book;
    await book.go('#/lab/k8s-1-pods/packets');
    const { press, type, tabTo } = typistAt(page);
    await tabTo(/^Bring the lab up$/);
    await press('Enter');
    await page.locator('.terminal-bar').waitFor(PATIENCE);
    await tabTo(/^Open a terminal in$/);
    await press('ArrowDown');
    await page.locator('.xterm-screen').waitFor(PATIENCE);
    await page.waitForTimeout(1500);
    await type('echo sum-$((20+22))\n');
    await page.locator('.xterm-screen', { hasText: 'sum-42' }).first().waitFor(PATIENCE);
    await type('exit\n');
    await page.getByText('It ended: exit code 0').waitFor(PATIENCE);
    expect(book.errors).toEqual([]);
  }, 120_000);
});
