import type { Token, Tokens } from 'marked';
import type { Palette } from './palette';

/** Widest line of text, in characters; code and tables keep their own width. */
const WIDTH = 96;

/** Markdown as a terminal shows it: headings set off, code indented, tables in columns, no markup left. */
export async function markdownText(markdown: string, palette: Palette): Promise<string> {
  // The parser is a module: it is loaded by who shows a text.
  const { marked } = await import('marked');
  const blocks = marked.lexer(markdown).map((token) => block(token, palette));
  return blocks.filter((text) => text !== '').join('\n\n');
}

function block(token: Token, palette: Palette): string {
  switch (token.type) {
    case 'heading':
      return palette.strong(heading(token as Tokens.Heading));
    case 'code':
      return indented(token.text);
    case 'list':
      return list(token as Tokens.List, palette);
    case 'table':
      return table(token as Tokens.Table, palette);
    case 'space':
    case 'html':
      return '';
    default:
      return fill(inline(inner(token), token.raw, palette));
  }
}

const heading = ({ depth, text }: Tokens.Heading): string =>
  depth === 1 ? text.toUpperCase() : text;

const indented = (code: string): string =>
  code
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');

function list({ items, ordered, start }: Tokens.List, palette: Palette): string {
  const first = typeof start === 'number' ? start : 1;
  return items
    .map((item, i) => {
      const mark = ordered ? `${first + i}. ` : '- ';
      const [text = '', ...more] = item.tokens.map((token) => itemPart(token, palette));
      const lines = fill(text, WIDTH - mark.length).split('\n');
      const own = lines.map((line, at) => `${at === 0 ? mark : ' '.repeat(mark.length)}${line}`);
      return [...own, ...more.map((part) => part.replace(/^/gm, ' '.repeat(mark.length)))].join(
        '\n',
      );
    })
    .join('\n');
}

const itemPart = (token: Token, palette: Palette): string =>
  token.type === 'text' ? inline(token.tokens, token.raw, palette) : block(token, palette);

function table({ header, rows }: Tokens.Table, palette: Palette): string {
  const cells = [header, ...rows].map((row) =>
    row.map(({ tokens, text }) => inline(tokens, text, palette)),
  );
  const widths = header.map((_, column) =>
    Math.max(...cells.map((row) => visible(row[column] ?? ''))),
  );
  const lines = cells.map((row) =>
    row
      .map((cell, column) => `${cell}${' '.repeat((widths[column] ?? 0) - visible(cell))}`)
      .join('  ')
      .trimEnd(),
  );
  const rule = widths.map((width) => '-'.repeat(width)).join('  ');
  return [lines[0], rule, ...lines.slice(1)].join('\n');
}

/** The text of inline tokens; a link shows its address behind its words, unless it leads to a file. */
function inline(tokens: readonly Token[] | undefined, raw: string, palette: Palette): string {
  if (tokens === undefined) return plain(raw);
  return tokens.map((token) => span(token, palette)).join('');
}

function span(token: Token, palette: Palette): string {
  switch (token.type) {
    case 'strong':
      return palette.strong(inline(token.tokens, token.text, palette));
    case 'em':
    case 'text':
      return inline(token.tokens, token.text, palette);
    case 'link': {
      const words = inline(token.tokens, token.text, palette);
      return /^https?:/.test(token.href) ? `${words}: ${token.href}` : words;
    }
    case 'br':
      return '\n';
    default:
      return plain('text' in token ? token.text : token.raw);
  }
}

const inner = (token: Token): readonly Token[] | undefined =>
  'tokens' in token ? token.tokens : undefined;

/** The lexer leaves a few characters as entities. */
const plain = (text: string): string =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');

const ESCAPE = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, 'g');

/** How many columns a text takes: colours take none. */
const visible = (text: string): number => text.replace(ESCAPE, '').length;

function fill(text: string, width = WIDTH): string {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter((one) => one !== '')) {
    const last = lines.at(-1);
    if (last === undefined || visible(last) + visible(word) + 1 > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines.join('\n');
}
