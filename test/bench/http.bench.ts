import { agree } from '../packets/http/agreement';

/**
 * Random routes as real packets: predicted = served. `node --import tsx test/bench/http.bench.ts
 * [first seed] [worlds] [requests each]`.
 */
const [first = 1, worlds = 200, each = 110] = process.argv.slice(2).map(Number);

async function main(): Promise<void> {
  const started = Date.now();
  const seeds = Array.from({ length: worlds }, (_, i) => first + i);
  const { differ, ...counted } = await agree(seeds, each);
  for (const line of differ.slice(0, 10)) console.log(line);
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  console.log(JSON.stringify({ ...counted, differ: differ.length, seconds }));
  process.exitCode = differ.length === 0 ? 0 : 1;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
