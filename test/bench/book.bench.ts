import type { Page } from 'playwright-core';
import { giveFiles, type OpenSite, openSite } from '../book/browser';

/**
 * The lab book in Chromium: the first page, the time from a key to the new matrix, and how smoothly a map
 * of 1,000 pods moves. Targets: 1,000 ms, 100 ms at 12 pods, 300 ms at 300 pods, 50 frames a second.
 */
async function main(): Promise<void> {
  const site = await openSite();
  try {
    await firstPage(site);
    await keys(site, { deployments: 4, target: 100 });
    await keys(site, { deployments: 100, target: 300 });
    await pan(site);
  } finally {
    await site.close();
  }
}

async function firstPage(site: OpenSite): Promise<void> {
  const millis: number[] = [];
  for (let i = 0; i < 7; i += 1) {
    const { page } = await site.page();
    const started = performance.now();
    await page.goto(site.address);
    await page.locator('.card').first().waitFor();
    millis.push(performance.now() - started);
    await page.context().close();
  }
  say('first page', millis, 'ms, target 1000');
}

async function keys(
  site: OpenSite,
  { deployments, target }: { readonly deployments: number; readonly target: number },
): Promise<void> {
  const { page } = await site.page();
  await openNetwork(site, page, deployments);
  await page.getByRole('link', { name: 'Editor' }).click();
  await page.locator('.draft-foot').waitFor({ timeout: 60_000 });
  await page.locator('.cm-content').focus();
  await page.keyboard.press('Control+End');
  await page.keyboard.press('Enter');
  await page.keyboard.type('# ');
  await page.waitForTimeout(1500);
  const millis: number[] = [];
  for (let i = 0; i < 11; i += 1) {
    millis.push(await keyToMatrix(page, i % 2 === 0 ? 'x' : 'Backspace'));
    await page.waitForTimeout(120);
  }
  const name = `key to matrix, ${deployments * 3} pods, ${deployments} policies`;
  say(name, millis, `ms, target ${target}`);
  await page.context().close();
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
      const began = (): void => {
        scope.keyAt = performance.now();
      };
      addEventListener('keydown', began, { once: true, capture: true });
    });
  });
  await page.keyboard.press(key);
  return page.evaluate(async () => {
    const scope = globalThis as unknown as { keyAt: number; shownAt: Promise<number> };
    return (await scope.shownAt) - scope.keyAt;
  });
}

/** Drags the map of 1,000 pods for five seconds, and counts the frames that the page draws. */
async function pan(site: OpenSite): Promise<void> {
  const { page } = await site.page();
  await openNetwork(site, page, 334);
  const started = performance.now();
  await page.getByRole('link', { name: 'Map', exact: true }).click();
  await page.locator('.picture svg').first().waitFor({ timeout: 120_000 });
  const drawn = Math.round(performance.now() - started);
  const rates: number[] = [];
  for (let i = 0; i < 5; i += 1) rates.push(await framesWhileDragging(page));
  say(`map of 1,002 pods (drawn in ${drawn} ms), panned`, rates, 'frames a second, target 50');
  await page.context().close();
}

/** Moves the pointer once a frame for a second, as a hand does, and answers the frames of that second. */
const framesWhileDragging = (page: Page): Promise<number> =>
  page.evaluate(async () => {
    const frame = document.querySelector<HTMLElement>('.picture.live');
    const ground = frame?.querySelector('svg');
    if (frame == null || ground == null) throw new Error('there is no map that moves');
    const { left, top, width, height } = frame.getBoundingClientRect();
    const event = (type: string, x: number, y: number): boolean =>
      ground.dispatchEvent(
        new PointerEvent(type, { bubbles: true, button: 0, pointerId: 1, clientX: x, clientY: y }),
      );
    frame.setPointerCapture = () => undefined;
    const [x, y] = [left + width / 2, top + height / 2];
    const before = ground.style.transform;
    event('pointerdown', x, y);
    let frames = 0;
    const began = performance.now();
    let now = began;
    while (now - began < 1000) {
      now = await new Promise<number>((resolve) => requestAnimationFrame(resolve));
      frames += 1;
      event('pointermove', x + 200 * Math.sin(frames / 20), y + 100 * Math.cos(frames / 20));
    }
    event('pointerup', x, y);
    if (ground.style.transform === before) throw new Error('the map did not move');
    return (frames * 1000) / (now - began);
  });

async function openNetwork(site: OpenSite, page: Page, deployments: number): Promise<void> {
  // The compiler names functions by a call of this name, also in what runs in the page.
  await page.addInitScript('globalThis.__name = (named) => named');
  await page.goto(`${site.address}#/own`);
  await giveFiles(page, [{ name: 'network.yaml', text: network(deployments) }]);
}

/** Deployments of three replicas, each with a policy: deployment n may be called by n + 1. */
const network = (deployments: number): string =>
  Array.from({ length: deployments }, (_, i) => [deployment(i), policy(i)])
    .flat()
    .map((one) => JSON.stringify(one))
    .join('\n---\n');

const namespaceOf = (i: number): string => `shop-${Math.floor(i / 34)}`;

function deployment(i: number) {
  const labels = { app: `web-${i}` };
  const containers = [{ name: 'web', image: 'web', ports: [{ containerPort: 8080 }] }];
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: `web-${i}`, namespace: namespaceOf(i) },
    spec: {
      replicas: 3,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers } },
    },
  };
}

function policy(i: number) {
  const selects = (n: number) => ({ matchLabels: { app: `web-${n}` } });
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: `web-${i}`, namespace: namespaceOf(i) },
    spec: {
      podSelector: selects(i),
      policyTypes: ['Ingress'],
      ingress: [{ from: [{ podSelector: selects(i + 1) }] }],
    },
  };
}

function say(name: string, values: readonly number[], unit: string): void {
  const sorted = values.toSorted((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const [least = Number.NaN] = sorted;
  const most = sorted.at(-1) ?? Number.NaN;
  console.log(
    `${name}: median ${median.toFixed(0)} (${least.toFixed(0)} to ${most.toFixed(0)}) ${unit}`,
  );
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
