import type { Page } from 'playwright-core';
import { violations } from './axe';
import { giveFiles, type OpenSite, openSite } from './browser';
import { inChromium } from './in-chromium';

const HOSTILE = '<img src=x onerror="window.broken=1">';

/** A small network in which names, labels and comments are markup wherever Kubernetes allows text. */
const manifests = `# ${HOSTILE}
apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: shop
  labels: { app: web }
  annotations: { note: '${HOSTILE}' }
spec: { nodeName: node-a, containers: [{ name: web, image: '${HOSTILE}', ports: [{ containerPort: 80 }] }] }
---
apiVersion: v1
kind: Pod
metadata: { name: db, namespace: shop, labels: { app: db } }
spec: { nodeName: node-b, containers: [{ name: db, image: postgres, ports: [{ containerPort: 5432 }] }] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: db-from-api, namespace: shop }
spec:
  podSelector: { matchLabels: { app: db } }
  ingress: [{ from: [{ podSelector: { matchLabels: { app: wep } } }], ports: [{ port: 5432 }] }]
`;

/** Gives one more file on the page of files. */
async function giveFilesOf(page: Page, name: string): Promise<void> {
  await page.evaluate(() => (location.hash = '#/own/files'));
  await page.locator('.drop').waitFor();
  const text = 'apiVersion: v1\nkind: Namespace\nmetadata: { name: mine }\n';
  await page
    .locator('.drop input')
    .setInputFiles([{ name, mimeType: 'text/plain', buffer: Buffer.from(text) }]);
  await page.locator('.file-list li').nth(1).waitFor();
}

/** Every tab, and what shows that it is there. */
const TABS = [
  ['Files', '.drop'],
  ['Map', '.picture svg'],
  ['Matrix', '.matrix'],
  ['Findings', '.findings'],
  ['Changes', 'main h1'],
  ['Recommended policies', 'main h1'],
  ['Editor', '.draft-foot'],
] as const;

inChromium('a network of one’s own', () => {
  let site: OpenSite;
  beforeAll(async () => {
    site = await openSite();
  });
  afterAll(() => site.close());

  test('is judged with the network cable pulled, and no request leaves', async () => {
    const { page, requests, errors } = await site.page();
    await page.goto(`${site.address}#/own`);
    await page.locator('.drop').waitFor();
    // The editor is part of the app and loads on demand; what is judged never leaves.
    await page.evaluate(() => (location.hash = '#/lab/k8s-1-pods/editor'));
    await page.locator('.draft-foot').waitFor();
    await page.evaluate(() => (location.hash = '#/own'));
    await page.context().setOffline(true);
    const before = requests.length;
    await giveFiles(page, [{ name: `${HOSTILE}.yaml`, text: manifests }]);
    for (const tab of ['Map', 'Matrix', 'Findings', 'Changes', 'Recommended policies', 'Editor'])
      await page.getByRole('link', { name: tab, exact: true }).click();
    await page.locator('.draft-foot').waitFor();
    expect(requests.slice(before).filter((url) => !/^blob:|\/icon\.svg$/.test(url))).toEqual([]);
    expect(errors.filter((text) => !text.includes('ERR_INTERNET_DISCONNECTED'))).toEqual([]);
  });

  test('shows the same verdict as the command line, and the rule', async () => {
    const { page } = await site.page();
    await page.goto(`${site.address}#/own`);
    await giveFiles(page, [{ name: 'shop.yaml', text: manifests }]);
    await page.getByRole('link', { name: 'Matrix' }).click();
    await page.getByRole('button', { name: 'shop/web to shop/db TCP 5432' }).click();
    await page.locator('.verdict-head').waitFor();
    expect(await page.locator('.verdict-head').textContent()).toContain('Denied');
    expect(await page.locator('.because').first().textContent()).toContain(
      'NetworkPolicy shop/db-from-api isolates shop/db for ingress',
    );
  });

  test('names, labels, comments and file names are text, never markup', async () => {
    const { page, errors } = await site.page();
    await page.goto(`${site.address}#/own`);
    const wrong = 'kind: "<script>window.broken=1</script>"\napiVersion: v1\n';
    await giveFiles(page, [
      { name: `${HOSTILE}.yaml`, text: manifests },
      { name: '<b>b.yaml', text: wrong },
    ]);
    await page.locator('.own-problems').waitFor();
    expect(await page.locator('.own-files').textContent()).toContain(HOSTILE);
    await page.getByRole('button', { name: 'Remove <b>b.yaml' }).click();
    for (const tab of ['Map', 'Matrix', 'Findings', 'Editor'])
      await page.getByRole('link', { name: tab, exact: true }).click();
    await page.locator('.draft-foot').waitFor();
    expect(await page.locator('img, script[src=""], main b').count()).toBe(0);
    expect(await page.evaluate(() => (globalThis as { broken?: number }).broken)).toBeUndefined();
    expect(errors).toEqual([]);
  });

  test.each(['light', 'dark'] as const)('no tab breaks a rule of axe, %s', async (theme) => {
    for (const width of [1440, 375]) {
      const { page } = await site.page({ theme, width });
      await page.goto(`${site.address}#/own`);
      await giveFiles(page, [{ name: 'shop.yaml', text: manifests }]);
      for (const [tab, shown] of TABS) {
        await page.getByRole('link', { name: tab, exact: true }).click();
        await page.locator(shown).first().waitFor();
        expect([tab, width, ...(await violations(page))]).toEqual([tab, width]);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        expect([tab, wide]).toEqual([tab, width]);
      }
      await page.context().close();
    }
  });

  test.each(['http', 'file'])(
    'recommends policies for flows that were seen, from %s',
    async (from) => {
      const { page, errors } = await site.page();
      const seen = JSON.stringify({
        start_time: 1,
        end_time: 2,
        source_type: 'wep',
        source_namespace: 'shop',
        source_name: 'web',
        source_name_aggr: 'web',
        dest_type: 'wep',
        dest_namespace: 'shop',
        dest_name: 'db',
        dest_name_aggr: 'db',
        dest_port: 5432,
        proto: 'tcp',
        action: 'allow',
        reporter: 'dst',
      });
      await page.goto(
        from === 'http' ? `${site.address}#/own` : `file://${site.folder}/index.html#/own`,
      );
      await giveFiles(page, [
        { name: 'shop.yaml', text: manifests },
        { name: 'flows.log', text: seen },
      ]);
      await page.getByRole('link', { name: 'Recommended policies' }).click();
      await page.getByText(/^1 flows were seen/).waitFor();
      expect(await page.locator('pre.yaml').textContent()).toContain('port: 5432');
      expect(errors).toEqual([]);
    },
  );

  test('a flow is drawn hop by hop on the map, and keys step through it', async () => {
    const { page, errors } = await site.page();
    await page.goto(`${site.address}#/own`);
    await giveFiles(page, [{ name: 'shop.yaml', text: manifests }]);
    await page.evaluate(() => (location.hash = '#/own/map?flow=shop%2Fdb+%3E+shop%2Fweb%3A80'));
    await page.locator('.picture [data-mark="hop 1"]').waitFor();
    const before = await page.locator('.hop-count').textContent();
    expect(before).toMatch(/^\d+ hops$/);
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page
      .getByText(`hop 2 of ${Number.parseInt(before ?? '', 10)}`, { exact: true })
      .waitFor();
    await page.keyboard.press('Escape');
    await page.locator('.picture [data-mark="hop 1"]').waitFor({ state: 'detached' });
    expect(errors).toEqual([]);
  });

  test('a finding stands at its line, and one click mends it', async () => {
    const { page } = await site.page();
    await page.goto(`${site.address}#/own`);
    await giveFiles(page, [{ name: 'shop.yaml', text: manifests }]);
    await page.getByRole('link', { name: 'Findings' }).click();
    await page.locator('.findings').waitFor();
    expect(await page.locator('.findings').textContent()).toContain('shop.yaml:21');
  });

  test('a link holds all of it, and asks before it takes the place of other files', async () => {
    const { page, errors } = await site.page();
    await page.goto(`${site.address}#/own`);
    await giveFiles(page, [{ name: 'shop.yaml', text: manifests }]);
    const link = await page
      .getByRole('link', { name: 'A link that holds all of this' })
      .getAttribute('href');
    const other = await site.page();
    await other.page.goto(`${site.address}${link?.replace('/files?', '/matrix?')}`);
    await other.page.getByRole('button', { name: 'shop/web to shop/db TCP 5432' }).waitFor();
    expect(other.page.url()).toBe(`${site.address}#/own/matrix`);
    expect(other.requests.filter((url) => url.includes(link?.slice(20, 60) ?? ''))).toEqual([]);
    await giveFilesOf(other.page, 'mine.yaml');
    await other.page.evaluate((hash) => (location.hash = hash), link ?? '');
    await other.page.getByText('The link holds 1 file, and yours are here.').waitFor();
    expect(await other.page.locator('.file-list li').count()).toBe(2);
    await other.page.getByRole('button', { name: 'Show the link’s in their place' }).click();
    await other.page.locator('.file-list li').nth(1).waitFor({ state: 'detached' });
    await other.page.evaluate((hash) => (location.hash = hash), link?.slice(0, 80) ?? '');
    await other.page.getByText('The link holds no files that can be read').waitFor();
    expect([...errors, ...other.errors]).toEqual([]);
  });

  test('a saved state shows the same to another person', async () => {
    const { page } = await site.page();
    await page.goto(`${site.address}#/own`);
    await giveFiles(page, [{ name: 'shop.yaml', text: manifests }]);
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save all of this as one file' }).click();
    const path = await (await download).path();
    const other = await site.page();
    await other.page.goto(`${site.address}#/own`);
    await other.page.locator('.drop input').setInputFiles(path);
    await other.page.locator('.file-list li').waitFor();
    expect(await other.page.locator('.own-problems').textContent()).toContain('2 pods');
  });
});
