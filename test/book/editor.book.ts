import type { Page } from 'playwright-core';
import { giveFiles, inChromium, type OpenSite, openSite } from './browser';

/** Deployments of three replicas, each with a policy: deployment n may be called by n + 1. */
function network(deployments: number): string {
  const objects = Array.from({ length: deployments }, (_, i) => {
    const labels = { app: `web-${i}` };
    return [
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: `web-${i}`, namespace: 'shop' },
        spec: {
          replicas: 3,
          selector: { matchLabels: labels },
          template: {
            metadata: { labels },
            spec: { containers: [{ name: 'web', image: 'web', ports: [{ containerPort: 8080 }] }] },
          },
        },
      },
      {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { name: `web-${i}`, namespace: 'shop' },
        spec: {
          podSelector: { matchLabels: labels },
          policyTypes: ['Ingress'],
          ingress: [{ from: [{ podSelector: { matchLabels: { app: `web-${i + 1}` } } }] }],
        },
      },
    ];
  });
  return objects
    .flat()
    .map((one) => JSON.stringify(one))
    .join('\n---\n');
}

/** Types one character and answers the milliseconds until what it changes is on the screen. */
async function keyToMatrix(page: Page, key: string): Promise<number> {
  await page.evaluate(() => {
    const scope = globalThis as unknown as { keyAt: number; shownAt: Promise<number> };
    scope.shownAt = new Promise((resolve) => {
      const pane = document.querySelector('.draft-pane');
      const watch = new MutationObserver(() => {
        watch.disconnect();
        requestAnimationFrame(() => resolve(performance.now()));
      });
      if (pane) watch.observe(pane, { attributeFilter: ['data-judged'] });
      addEventListener(
        'keydown',
        () => {
          scope.keyAt = performance.now();
        },
        { once: true, capture: true },
      );
    });
  });
  await page.keyboard.press(key);
  return page.evaluate(async () => {
    const scope = globalThis as unknown as { keyAt: number; shownAt: Promise<number> };
    return (await scope.shownAt) - scope.keyAt;
  });
}

/** Other programs only add to a time: the fastest of several is what the page needs. */
const fastest = (values: readonly number[]): number => Math.min(...values);

async function typeAndMeasure(page: Page, times: number): Promise<readonly number[]> {
  const millis: number[] = [];
  for (let i = 0; i < times; i += 1) {
    millis.push(await keyToMatrix(page, i % 2 === 0 ? 'x' : 'Backspace'));
    await page.waitForTimeout(120);
  }
  return millis;
}

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

  test('a key gives a new matrix within 100 ms at 12 pods', async () => {
    const { page } = await site.page();
    await page.goto(`${site.address}#/own`);
    await giveFiles(page, [{ name: 'small.yaml', text: network(4) }]);
    await page.getByRole('link', { name: 'Editor' }).click();
    await page.locator('.draft-foot').waitFor();
    await page.locator('.cm-content').focus();
    await page.keyboard.press('Control+End');
    await page.keyboard.press('Enter');
    await page.keyboard.type('# ');
    await page.waitForTimeout(1000);
    const millis = await typeAndMeasure(page, 11);
    console.log(
      `12 pods: ${millis.map(Math.round).join(', ')} ms, fastest ${Math.round(fastest(millis))}`,
    );
    expect(fastest(millis)).toBeLessThanOrEqual(100);
  });

  test('a key gives a new matrix within 300 ms at 300 pods and 100 policies', async () => {
    const { page } = await site.page();
    await page.goto(`${site.address}#/own`);
    await giveFiles(page, [{ name: 'large.yaml', text: network(100) }]);
    await page.getByRole('link', { name: 'Editor' }).click();
    await page.locator('.draft-foot').waitFor({ timeout: 60_000 });
    await page.locator('.cm-content').focus();
    await page.keyboard.press('Control+End');
    await page.keyboard.press('Enter');
    await page.keyboard.type('# ');
    await page.waitForTimeout(1500);
    const millis = await typeAndMeasure(page, 7);
    console.log(
      `300 pods: ${millis.map(Math.round).join(', ')} ms, fastest ${Math.round(fastest(millis))}`,
    );
    expect(fastest(millis)).toBeLessThanOrEqual(300);
  });

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
