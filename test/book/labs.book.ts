import type { Page } from 'playwright-core';
import { labs } from '../../labs';
import { type Question, rightAnswer } from '../../lib/lab/answer';
import type { Lab } from '../../lib/lab/format';
import { drawnLab } from '../../lib/session/drawn';
import { labNames } from '../../lib/session/lab-world';
import { withLocalSession } from '../../lib/session/local/open';
import { lackingFor } from '../../lib/session/needs';
import { localTarget } from '../../lib/targets/local/target';
import { inChromium } from './in-chromium';
import { type OpenedLiveBook, openLiveBook } from './served-book';

/**
 * Each lab from its page alone: up, the first check fails, solved step by step, the last check passes, down,
 * and nothing is left. By default some labs, drawn by a seed; `BOOK_LABS=all` takes all of them, and
 * `BOOK_LABS=k8s-1-pods,aws-5-path` these. `BOOK_SEED=7` draws again what a run has drawn.
 */
const SEED = Number(process.env.BOOK_SEED ?? Date.now() % 100_000);
const SAMPLE = 4;

const here = labs.filter(({ targets }) => targets.includes('local'));
/** Without the labs for which this machine lacks a program: those are skipped by name. */
const local = here.filter((lab) => lackingFor(lab) === undefined);

function chosenLabs(): readonly Lab<string>[] {
  const named = process.env.BOOK_LABS;
  if (named === 'all') return local;
  if (named !== undefined) return local.filter(({ id }) => named.split(',').includes(id));
  const order = local.map((lab, i) => ({ lab, key: drawn(i) }));
  return order
    .toSorted((a, b) => a.key - b.key)
    .slice(0, SAMPLE)
    .map(({ lab }) => lab);
}

/** A number that looks random: the fractional part of a multiple of the golden ratio. */
const drawn = (i: number): number => ((i + 1) * 0.618_033_988_75 * (SEED + 1)) % 1;

/** Longest that a check, a solution or coming up may take on a busy machine, in milliseconds. */
const PATIENCE = { timeout: 90_000 } as const;

inChromium(`labs by their pages (BOOK_SEED=${SEED})`, () => {
  let book: OpenedLiveBook;
  const state = process.env.XDG_STATE_HOME;
  beforeAll(async () => {
    book = await openLiveBook();
    process.env.XDG_STATE_HOME = book.folder;
  });
  afterAll(async () => {
    if (state === undefined) delete process.env.XDG_STATE_HOME;
    else process.env.XDG_STATE_HOME = state;
    expect(await book.close()).toEqual([]);
  });

  for (const lab of here.filter((one) => !local.includes(one)))
    test.skip(`${lab.id} (skipped: ${lackingFor(lab)?.problem})`, () => undefined);

  test.each(chosenLabs().map(({ id }) => id))(
    '%s: up, a check fails, solved step by step, the last passes, down',
    async (id) => {
      const { page } = book;
      await book.go(`#/lab/${id}/text`);
      await page.getByRole('button', { name: 'Bring the lab up' }).click();
      await page.getByRole('button', { name: 'Take it down' }).waitFor(PATIENCE);
      const lab = drawnLab(id);
      await check(page);
      await page.locator('.check-results li.wrong').first().waitFor(PATIENCE);
      for (const [i, step] of lab.steps.entries()) {
        await page.getByRole('button', { name: 'Solve it' }).click();
        await idle(page);
        for (const one of step.checks)
          if (one.kind === 'answer')
            await answerIn(page, one.question, await answerTo(lab, one.question));
        await check(page);
        await page.locator('.task').nth(i).locator('.task-number.done').waitFor(PATIENCE);
      }
      expect(await page.locator('.task-number.done').count()).toBe(lab.steps.length);
      await page.getByRole('button', { name: 'Take it down' }).click();
      await page.getByRole('button', { name: 'Bring the lab up' }).waitFor(PATIENCE);
      expect(book.labProcesses()).toEqual([]);
      expect([id, ...book.errors]).toEqual([id]);
    },
    300_000,
  );
});

const check = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: /^Check/ }).click();
  await idle(page);
};

/** Waits until no action of the page is under way. */
const idle = async (page: Page): Promise<void> => {
  await page.waitForTimeout(50);
  await page
    .locator('.action-line')
    .first()
    .waitFor({ state: 'detached', ...PATIENCE });
  const failed = page.locator('.tasks .action-error');
  if ((await failed.count()) > 0) throw new Error((await failed.first().textContent()) ?? '');
};

/** What is right now: some answers only this machine knows. */
async function answerTo(lab: Lab<string>, { accept }: Question): Promise<string> {
  if (accept.kind !== 'observed') return rightAnswer(accept) ?? '';
  return withLocalSession(lab.id, async ({ local: network }) => {
    const seen = await localTarget(network, labNames(lab)).observe(accept.fact, accept.of);
    return seen.kind === 'answered' ? (rightAnswer(accept, seen.value) ?? '') : '';
  });
}

async function answerIn(page: Page, question: Question, answer: string): Promise<void> {
  const form = page.locator('.task.current form.question', { hasText: plain(question.ask) });
  if (question.accept.kind === 'choice')
    await form.locator(`input[value=${JSON.stringify(answer)}]`).check();
  else await form.locator('input[type=text]').fill(answer);
  const kept = page.waitForResponse((response) => response.url().endsWith('/answer'));
  await form.getByRole('button', { name: 'Answer' }).click();
  await kept;
}

/** The text as the page shows it: what stands between backticks is code. */
const plain = (text: string): string => text.replaceAll('`', '');
