import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { violations } from './axe';
import { type OpenSite, openSite } from './browser';
import { inChromium } from './in-chromium';

const LAB = 'k8s-5-network-policy';

/** Every view, as an address, and a word that shows that it is there. */
const VIEWS: readonly (readonly [name: string, hash: string, shown: string])[] = [
  ['curriculum', '#/', '.card'],
  ['a lab', `#/lab/${LAB}`, '.stage-picture svg'],
  ['a Linux lab', '#/lab/linux-1-veth', '.tasks'],
  ['map', `#/lab/${LAB}/map?stage=app&against=dns`, '.picture svg'],
  ['map of a VPC', '#/lab/aws-5-path/map', '.picture svg'],
  ['matrix', `#/lab/${LAB}/matrix?stage=app`, '.matrix'],
  ['a flow', `#/lab/${LAB}/matrix?stage=app&flow=shop%2Fbackend-0+%3E+shop%2Fdb-0%3A5432`, '.hops'],
  ['editor', `#/lab/${LAB}/editor?stage=app`, '.draft-foot'],
  ['packets', `#/lab/${LAB}/packets`, '.command-list'],
  ['own network', '#/own', '.drop'],
];

/** What these views need besides loads when they are first opened. */
const LOADS_MORE: readonly string[] = ['editor', 'own network'];

inChromium('the published lab book', () => {
  let site: OpenSite;
  beforeAll(async () => {
    site = await openSite();
  });
  afterAll(() => site.close());

  test('the first page loads at most 100 KB, the app without editor, terminal and own network 250 KB, compressed', async () => {
    const { page, requests } = await site.page();
    await page.goto(site.address);
    await page.locator('.card').first().waitFor();
    const first = filesOf(requests, site.address).filter((file) => file !== 'engine.js');
    for (const [, hash, shown] of VIEWS.filter(([name]) => !LOADS_MORE.includes(name))) {
      await page.goto(site.address + hash);
      await page.locator(shown).first().waitFor();
    }
    await page.locator('#search').fill('policy');
    await page.waitForFunction(() => document.querySelector('script[src="search.js"]') !== null);
    const app = filesOf(requests, site.address).filter((file) => !file.startsWith('data/'));
    const size = (files: readonly string[]): number =>
      files
        .map((file) => brotliCompressSync(readFileSync(join(site.folder, file))).length)
        .reduce((sum, bytes) => sum + bytes, 0);
    console.log(`first page ${size(first)} bytes (${first}), app ${size(app)} bytes (${app})`);
    expect(app).toEqual(expect.arrayContaining([...first, 'engine.js', 'search.js']));
    expect(app).not.toContain('editor.js');
    expect(app).not.toContain('terminal.js');
    expect(app).not.toContain('recommend.js');
    expect(size(first)).toBeLessThanOrEqual(100 * 1024);
    expect(size(app.filter((file) => file !== 'search.js'))).toBeLessThanOrEqual(250 * 1024);
  });

  test.each(['light', 'dark'] as const)('no view breaks a rule of axe, %s', async (theme) => {
    for (const width of [1440, 375]) {
      const { page, errors } = await site.page({ theme, width });
      for (const [name, hash, shown] of VIEWS) {
        await page.goto(site.address + hash);
        await page.locator(shown).first().waitFor();
        expect([name, width, ...(await violations(page))]).toEqual([name, width]);
        expect([name, width, ...errors]).toEqual([name, width]);
      }
      await page.context().close();
    }
  });

  test.each([375, 1440])('no view is wider than a screen of %i px', async (width) => {
    const { page } = await site.page({ width, height: 812 });
    for (const [name, hash, shown] of VIEWS) {
      await page.goto(site.address + hash);
      await page.locator(shown).first().waitFor();
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      expect([name, wide]).toEqual([name, width]);
    }
    await page.context().close();
  });

  test('opens from a folder, with the engine in a worker', async () => {
    const { page, errors, requests } = await site.page();
    await page.goto(`file://${site.folder}/index.html#/lab/${LAB}/matrix?stage=app`);
    await page.locator('.matrix').waitFor();
    expect(page.workers()).toHaveLength(1);
    expect(requests.filter((url) => !/^(file|blob):/.test(url))).toEqual([]);
    expect(errors).toEqual([]);
  });

  test('a flow is drawn hop by hop on the map, and keys step through it', async () => {
    const { page, errors } = await site.page();
    const flow = 'flow=demo%2Fclient-0+%3E+internet%3A443';
    await page.goto(`${site.address}#/lab/aws-5-path/map?stage=whole&${flow}`);
    await page.locator('.picture [data-mark="hop 1"]').waitFor();
    const numbers = await page.locator('.picture [data-mark^="hop "]').count();
    const count = await page.locator('.hop-count').textContent();
    expect(count).toBe(`${numbers} hops`);
    await page.keyboard.press('ArrowRight');
    await page.getByText(`hop 1 of ${numbers}`, { exact: true }).waitFor();
    await page.keyboard.press('ArrowRight');
    await page.getByText(`hop 2 of ${numbers}`, { exact: true }).waitFor();
    await page.locator('.picture [data-mark="hop 5"]').click();
    await page.getByText(`hop 5 of ${numbers}`, { exact: true }).waitFor();
    expect(page.url()).toContain('hop=5');
    await page.keyboard.press('Escape');
    await page
      .locator('.picture [data-box="workload:demo/Pod/client"], .picture [data-label]')
      .first()
      .waitFor();
    expect(await page.locator('.picture [data-mark^="hop "]').count()).toBe(0);
    expect(errors).toEqual([]);
  });

  test('where a flow is denied its way ends on the map', async () => {
    const { page } = await site.page();
    const flow = 'flow=shop%2Ffrontend-0+%3E+shop%2Fdb-0%3A5432';
    await page.goto(`${site.address}#/lab/${LAB}/map?stage=app&${flow}`);
    await page.locator('.picture [data-mark="stop 1"]').waitFor();
    expect(await page.locator('.picture [data-edge][data-state="there"]').count()).toBe(0);
    expect(
      await page.locator('.picture [data-edge][data-state="unreached"]').count(),
    ).toBeGreaterThan(0);
  });

  test('the keyboard alone finds out why a flow is denied', async () => {
    const { page } = await site.page();
    await page.goto(`${site.address}#/lab/${LAB}/matrix?stage=app`);
    await page.locator('.matrix').waitFor();
    await page.locator('.matrix button[tabindex="0"]').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    const name = await page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
    expect(name).toBe('shop/frontend to shop/db TCP 5432: predicted denied');
    await page.keyboard.press('Enter');
    await page.locator('.verdict-head').waitFor();
    expect(await page.locator('.verdict-head').textContent()).toBe('Denied on the way there');
    await page.keyboard.press('Escape');
    await page.locator('.panel').waitFor({ state: 'detached' });
  });
});

/** Files of the site that a page has asked for, each once. */
const filesOf = (requests: readonly string[], address: string): readonly string[] => [
  ...new Set(
    requests
      .filter((url) => url.startsWith(address))
      .map((url) => new URL(url).pathname.slice(1) || 'index.html'),
  ),
];
