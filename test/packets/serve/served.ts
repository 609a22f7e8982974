import { untilEnd } from '../../../lib/serve/life';
import { startBook } from '../../../lib/serve/server';

/** A program for the kill tests: serves a lab book without pages, says its address, and waits for its end. */
async function main([keep]: readonly string[]): Promise<void> {
  const book = await startBook({
    port: 0,
    folder: process.cwd(),
    files: async () => undefined,
    keep: keep === 'keep',
  });
  process.stdout.write(`${book.url}\n`);
  await untilEnd();
  await book.close();
}

void main(process.argv.slice(2));
