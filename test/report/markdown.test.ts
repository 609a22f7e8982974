import { markdownText } from '../../lib/report/markdown';
import { COLOURED, PLAIN } from '../../lib/report/palette';

const text = [
  '# Title',
  'A **bold** word, `code` and [a page](https://kubernetes.io/docs/). Also [a lab](../x/README.md).',
  '- one',
  '- two `x < y`',
  '',
  '| a | long column |',
  '| --- | --- |',
  '| `v` | w |',
  '',
  '```sh',
  'lab up x',
  '```',
].join('\n');

test('markdown is shown without markup', async () => {
  expect(await markdownText(text, PLAIN)).toBe(
    [
      'TITLE',
      'A bold word, code and a page: https://kubernetes.io/docs/. Also a lab.',
      '- one\n- two x < y',
      'a  long column\n-  -----------\nv  w',
      '    lab up x',
    ].join('\n\n'),
  );
});

test('lines are filled to 96 columns, whatever their colours', async () => {
  const long = `**${'word '.repeat(60).trim()}**`;
  const lines = (await markdownText(long, COLOURED)).split('\n');
  expect(lines.length).toBeGreaterThan(2);
  const colours = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, 'g');
  for (const line of lines) expect(line.replace(colours, '').length).toBeLessThanOrEqual(96);
});
