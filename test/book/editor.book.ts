import type { Page } from 'playwright-core';
import { type OpenSite, openSite } from './browser';
import { inChromium } from './in-chromium';

/** Puts the cursor at the end of a line that has these words. */
async function cursorAfter(page: Page, words: string): Promise<void> {
  const line = page.locator('.cm-line', { hasText: words }).first();
  await line.scrollIntoViewIfNeeded();
  await line.click();
  await page.keyboard.press('End');
}

inChromium('the editor', () => {
  let site: OpenSite;
  beforeAll(async () => {
    site = await openSite();
  });
  afterAll(() => site.close());

  test('an edit of a stage shows what it closes, the finding at its line, and mends it by a click', async () => {
    const { page, errors } = await site.page();
    await page.goto(`${site.address}#/lab/k8s-5-network-policy/editor?stage=app`);
    await page.locator('.draft-foot').waitFor();
    await cursorAfter(page, 'app: frontend');
    await page.keyboard.type('x');
    await page.locator('.changes li').first().waitFor();
    expect(await page.locator('.changes').textContent()).toContain('closes');
    const note = page.locator('.note-error, .note-warning').first();
    await note.waitFor();
    await page.locator('.note-button', { hasText: 'Change to frontend' }).first().click();
    await page.locator('.changes').waitFor({ state: 'detached' });
    expect(errors).toEqual([]);
  });

  test('a text that cannot be read keeps the last picture and says where it is wrong', async () => {
    const { page } = await site.page();
    await page.goto(`${site.address}#/lab/k8s-5-network-policy/editor?stage=app`);
    await page.locator('.draft-foot').waitFor();
    await cursorAfter(page, 'podSelector: {}');
    await page.keyboard.type(' :: [');
    await page.locator('.draft-problems').waitFor();
    expect(await page.locator('.draft-problems').textContent()).toMatch(/app\.k8s\.yaml:\d+/);
    expect(await page.locator('.draft-pane .matrix').count()).toBe(1);
  });
});
