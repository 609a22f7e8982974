import type { Page } from 'playwright-core';
import { inChromium } from './in-chromium';
import { type OpenedLiveBook, openLiveBook } from './served-book';

const PATIENCE = { timeout: 60_000 } as const;

/** What lets frontend call db, beside the policies that the stage has: one for either end. */
const POLICIES = [
  '{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: to-db, namespace: shop}, spec: {podSelector: {matchLabels: {app: frontend}}, policyTypes: [Egress], egress: [{to: [{podSelector: {matchLabels: {app: db}}}]}]}}',
  '{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: from-frontend, namespace: shop}, spec: {podSelector: {matchLabels: {app: db}}, policyTypes: [Ingress], ingress: [{from: [{podSelector: {matchLabels: {app: frontend}}}]}]}}',
];

/** Where a picture of every click goes, numbered; absent: none is taken. */
const PICTURES = process.env.NEWCOMER_PICTURES;

/** Clicks and keys are counted. */
function personAt(page: Page, pictures?: string) {
  const count = { clicks: 0, keys: 0 };
  return {
    count,
    click: async (role: 'button' | 'link', name: string | RegExp): Promise<void> => {
      const path = `${pictures}/newcomer-${String(count.clicks).padStart(2, '0')}.png`;
      if (pictures !== undefined) await page.screenshot({ path });
      count.clicks += 1;
      await page
        .getByRole(role, { name, ...(typeof name === 'string' && { exact: true }) })
        .first()
        .click();
    },
    type: async (text: string): Promise<void> => {
      count.keys += text.length;
      await page.keyboard.type(text);
    },
    press: async (key: string): Promise<void> => {
      count.keys += 1;
      await page.keyboard.press(key);
    },
  };
}

inChromium('a person who opens the live lab book for the first time', () => {
  let book: OpenedLiveBook;
  beforeAll(async () => {
    book = await openLiveBook();
  });
  afterAll(async () => expect(await book.close()).toEqual([]));

  test('finds out why frontend cannot reach db, mends it, and proves it with packets', async () => {
    const { page } = book;
    const { click, press, type, count } = personAt(page, PICTURES);
    await click('link', /^NetworkPolicy: isolate a namespace/);
    await click('button', 'Bring the lab up');
    await page.getByRole('button', { name: 'Take it down' }).waitFor(PATIENCE);
    await click('link', 'app');
    await click('button', 'Move it to app');
    await page.getByText('The lab is up at app').waitFor(PATIENCE);
    await click('link', 'Matrix');
    await click('button', /^shop\/frontend to shop\/db TCP 5432/);
    await page.locator('.verdict-head').waitFor(PATIENCE);
    expect(await page.locator('.verdict-head').textContent()).toContain('Denied');
    expect(await page.locator('.because').first().textContent()).toMatch(/frontend|db/);
    const found = { ...count };

    await click('link', 'Editor');
    await page.locator('.draft-foot').waitFor(PATIENCE);
    count.clicks += 1;
    await page.locator('.cm-content').click();
    await press('Control+End');
    for (const policy of POLICIES) {
      await type('---');
      await press('Enter');
      await type(policy);
      await press('Escape');
      await press('Enter');
    }
    await page.getByText('1 path opens against app').waitFor(PATIENCE);
    await click('button', 'Try it with packets');
    await page.getByText(/flows sent/).waitFor(PATIENCE);
    expect(await page.locator('.editor-done').textContent()).toContain('all went as predicted');
    await click('button', 'Apply to the lab');
    await page.getByText(/Applied to the lab/).waitFor(PATIENCE);
    console.log(
      `found out: ${found.clicks} clicks, ${found.keys} keys; all: ${count.clicks} clicks, ${count.keys} keys`,
    );
    expect(found).toEqual({ clicks: 6, keys: 0 });
    expect(count.clicks).toBe(10);
    const written = POLICIES.join('').length;
    expect(count.keys - written).toBeLessThanOrEqual(20);
    expect(book.errors).toEqual([]);
  }, 180_000);

  test('sees on the map and in the matrix what was applied, and not when it is gone', async () => {
    const { page } = book;
    const { click } = personAt(page);
    await click('link', 'Map');
    await page.getByText('With app.k8s.yaml on top.').waitFor(PATIENCE);
    const line = page.locator('.picture [data-edge*="frontend "][data-edge*="db "]');
    await line.waitFor(PATIENCE);
    await click('link', 'Matrix');
    await page
      .getByRole('button', { name: 'shop/frontend to shop/db TCP 5432: predicted allowed' })
      .waitFor(PATIENCE);
    await click('link', 'Tasks');
    await click('button', 'Take it down');
    await page.getByRole('button', { name: 'Bring the lab up' }).waitFor(PATIENCE);
    await click('link', 'Map');
    await page.locator('.picture svg').waitFor(PATIENCE);
    await line.waitFor({ state: 'detached' });
    expect(await page.getByText('on top.').count()).toBe(0);
    expect(book.errors).toEqual([]);
  }, 180_000);
});
