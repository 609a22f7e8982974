import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { giveFiles } from './browser';
import { SHOP } from './own-files';
import { type OpenedLiveBook, openLiveBook } from './served-book';

/**
 * Pictures of every view of the live book, light and dark, 1440 and 375 px wide, into a folder
 * (`dist/screenshots` by default), and the few of the READMEs into `pictures`. It brings labs up.
 */
const FOLDER = process.argv[2] ?? 'dist/screenshots';
const README_FOLDER = join(__dirname, '..', '..', 'pictures');
const PATIENCE = { timeout: 60_000 } as const;

const LAB = 'k8s-5-network-policy';
const DENIED = 'flow=shop%2Ffrontend-0+%3E+shop%2Fdb-0%3A5432';
const VPC_FLOW = 'flow=demo%2Fclient-0+%3E+internet%3A443&hop=3';

interface View {
  readonly name: string;
  readonly open: (book: OpenedLiveBook) => Promise<void>;
  /** The READMEs show it, in this theme. */
  readonly readme?: 'light' | 'dark';
}

/** A view that is an address. */
const at = (name: string, hash: string, shown: string, readme?: 'light' | 'dark'): View => ({
  name,
  open: async ({ go, page }) => {
    await go(hash);
    await page.locator(shown).first().waitFor(PATIENCE);
  },
  ...(readme !== undefined && { readme }),
});

const press = (page: Page, name: string | RegExp): Promise<void> =>
  page.getByRole('button', { name }).first().click();

const own = (tab: string, shown: string): View => ({
  name: `own-${tab.toLowerCase().replaceAll(' ', '-')}`,
  open: async ({ page }) => {
    await page.getByRole('link', { name: tab, exact: true }).click();
    await page.locator(shown).first().waitFor(PATIENCE);
  },
});

const VIEWS: readonly View[] = [
  at('curriculum', '#/', '.card', 'light'),
  at('lab-text', `#/lab/${LAB}`, '.stage-picture svg'),
  at('linux-lab', '#/lab/linux-1-veth', '.tasks'),
  at('map', `#/lab/${LAB}/map?stage=app&against=dns`, '.picture svg', 'light'),
  at('map-capstone', '#/lab/capstone/map?stage=egress', '.picture svg', 'dark'),
  at('map-vpc', '#/lab/aws-5-path/map', '.picture svg'),
  at('map-flow', `#/lab/${LAB}/map?stage=app&${DENIED}`, '.picture svg'),
  at('map-flow-vpc', `#/lab/aws-5-path/map?stage=whole&${VPC_FLOW}`, '.picture svg', 'light'),
  at('matrix', `#/lab/${LAB}/matrix?stage=app`, '.matrix'),
  at('flow', `#/lab/${LAB}/matrix?stage=app&${DENIED}`, '.hops'),
  at('editor', `#/lab/${LAB}/editor?stage=app`, '.draft-foot'),
  {
    name: 'editor-changed',
    readme: 'dark',
    open: async ({ page, go }) => {
      await go(`#/lab/${LAB}/editor?stage=app`);
      await page.locator('.draft-foot').waitFor(PATIENCE);
      const line = page.locator('.cm-line', { hasText: 'app: frontend' }).first();
      await line.scrollIntoViewIfNeeded();
      await line.click();
      await page.keyboard.press('End');
      await page.keyboard.type('x');
      await page.locator('.changes li').first().waitFor(PATIENCE);
    },
  },
  {
    name: 'lab-up',
    readme: 'light',
    open: async ({ page, go }) => {
      await go(`#/lab/${LAB}`);
      await press(page, 'Bring the lab up');
      await page.getByRole('button', { name: 'Take it down' }).waitFor(PATIENCE);
      await press(page, /^Check/);
      await page.locator('.check-results li.wrong').first().waitFor(PATIENCE);
      await page.getByLabel('Open a terminal in').selectOption({ index: 1 });
      await page.locator('.xterm-screen').waitFor(PATIENCE);
      await page.waitForTimeout(1500);
      await page.keyboard.type('ip -brief address\n');
      await page.waitForTimeout(1000);
      await page.locator('.task.current').evaluate((task) => task.scrollIntoView());
      await page.mouse.move(0, 0);
    },
  },
  {
    name: 'matrix-sent',
    open: async ({ page, go }) => {
      await go(`#/lab/${LAB}/matrix`);
      await press(page, /^Send the packets/);
      await page.getByRole('button', { name: /^Send again/ }).waitFor(PATIENCE);
    },
  },
  {
    name: 'packets',
    open: async ({ page, go }) => {
      await go(`#/lab/${LAB}/packets`);
      await press(page, 'What the kernel has');
      await page.getByText(/^Routes of/).waitFor(PATIENCE);
      await page.getByText(/^Routes of/).click();
    },
  },
  {
    name: 'own-files',
    open: async ({ page, go }) => {
      await press(page, 'Take it down').catch(() => undefined);
      await go('#/own');
      await giveFiles(page, [{ name: 'shop.yaml', text: SHOP }]);
    },
  },
  own('Map', '.picture svg'),
  own('Matrix', '.matrix'),
  own('Findings', '.findings'),
  own('Changes', 'main h1'),
  own('Recommended policies', 'main h1'),
  own('Editor', '.draft-foot'),
];

async function main(): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  mkdirSync(README_FOLDER, { recursive: true });
  const only = process.argv.slice(3);
  const book = await openLiveBook();
  try {
    for (const view of VIEWS) {
      if (only.length > 0 && !only.includes(view.name)) continue;
      await view.open(book);
      await photograph(book.page, view);
    }
  } finally {
    const left = await book.close();
    if (left.length > 0) console.error(`these processes are left: ${left.join(', ')}`);
  }
}

async function photograph(page: Page, { name, readme }: View): Promise<void> {
  for (const width of [1440, 375])
    for (const theme of ['light', 'dark'] as const) {
      await page.setViewportSize({ width, height: width === 375 ? 812 : 900 });
      await page.emulateMedia({ colorScheme: theme });
      await page.waitForTimeout(600);
      await page.screenshot({ path: join(FOLDER, `${name}-${theme}-${width}.png`) });
      if (width === 1440 && theme === readme) await small(page, name);
    }
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.emulateMedia({ colorScheme: 'light' });
}

/** The same for a README, as WebP: a tenth of the bytes of a PNG. */
async function small(page: Page, name: string): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: 80 });
  writeFileSync(join(README_FOLDER, `${name}.webp`), Buffer.from(data, 'base64'));
  await session.detach();
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
