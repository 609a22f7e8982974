import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ClosingLine: new () => {
  onRunComplete(contexts: undefined, results: object): void;
} = require('./closing-line.js');

/** What the reporter writes at the end of its process. */
function writtenAtExit(results: object): string {
  const once = jest.spyOn(process, 'on').mockReturnThis();
  const write = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  new ClosingLine().onRunComplete(undefined, results);
  for (const [, listener] of once.mock.calls) listener(0);
  const text = write.mock.calls.map(([chunk]) => chunk).join('');
  once.mockRestore();
  write.mockRestore();
  return text;
}

const one = (status: string, title: string, ...ancestorTitles: string[]) => ({
  status,
  title,
  ancestorTitles,
});

test('the end of a run names the reasons of what was skipped, and the last line the counts', () => {
  const text = writtenAtExit({
    numPassedTests: 7,
    numFailedTests: 1,
    numRuntimeErrorTestSuites: 1,
    numPendingTests: 4,
    testResults: [
      { testResults: [one('passed', 'a'), one('pending', 'b', 'packets (skipped: no nft)')] },
      {
        testResults: [
          one('pending', 'c', 'other packets (skipped: no nft)', 'inner'),
          one('pending', 'd (skipped: this needs root)'),
          one('pending', 'left out by -t'),
        ],
      },
    ],
  });
  expect(text.split('\n')).toEqual([
    'skipped: 2 tests: no nft',
    'skipped: 1 test: this needs root',
    '7 passed, 2 failed, 4 skipped',
    '',
  ]);
});

test('every skipped test goes through test/skip.ts, so it has a reason', () => {
  const files = readdirSync(__dirname, { recursive: true, encoding: 'utf8' }).filter(
    (file) => /\.tsx?$/.test(file) && !['skip.ts', 'skip.test.ts'].includes(file),
  );
  const skips = /\b(describe|test|it)\.skip\b/;
  const reasonless = files.filter((file) =>
    readFileSync(join(__dirname, file), 'utf8')
      .split('\n')
      .some((line) => skips.test(line) && !/\((skipped: |needs )\$\{/.test(line)),
  );
  expect(reasonless).toEqual([]);
});
