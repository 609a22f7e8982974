import { lexer, type Token, type Tokens } from 'marked';
import type { TextElement, TextElementName, TextPart } from '../book/text-part';

/**
 * Markdown as the elements that the page shows: read here, so that no page loads a reader of Markdown.
 * Nothing becomes an element but what Markdown itself has: HTML in the text stays the text that it is,
 * and a link leads only to the web or into the book.
 */
export const markdownParts = (text: string): readonly TextPart[] => lexer(text).flatMap(block);

const element = (name: TextElementName, parts: readonly TextPart[]): TextElement => ({
  name,
  parts,
});

function block(token: Token): readonly TextPart[] {
  switch (token.type) {
    case 'heading':
      return [heading(token as Tokens.Heading)];
    case 'paragraph':
      return [element('p', inlines(token.tokens))];
    case 'code':
      return [element('pre', [element('code', [token.text])])];
    case 'list':
      return [list(token as Tokens.List)];
    case 'blockquote':
      return [element('blockquote', (token.tokens ?? []).flatMap(block))];
    case 'table':
      return [table(token as Tokens.Table)];
    case 'hr':
      return [element('hr', [])];
    case 'space':
      return [];
    case 'text':
      return [element('span', token.tokens === undefined ? [token.text] : inlines(token.tokens))];
    default:
      return [element('p', [token.raw])];
  }
}

/** The page has a title of its own: a text's headings begin one below. */
const heading = ({ depth, tokens }: Tokens.Heading): TextElement =>
  element(`h${Math.min(6, Math.max(2, depth))}` as TextElementName, inlines(tokens));

function list({ ordered, items, start }: Tokens.List): TextElement {
  const rows = items.map((item) => element('li', item.tokens.flatMap(block)));
  const first = Number(start) || 1;
  if (!ordered) return element('ul', rows);
  return first === 1 ? element('ol', rows) : { name: 'ol', parts: rows, start: first };
}

function table({ header, rows }: Tokens.Table): TextElement {
  const row = (name: 'th' | 'td', cells: readonly Tokens.TableCell[]): TextElement =>
    element(
      'tr',
      cells.map((cell) => element(name, inlines(cell.tokens))),
    );
  return element('table', [row('th', header), ...rows.map((cells) => row('td', cells))]);
}

const inlines = (tokens: readonly Token[] | undefined): readonly TextPart[] =>
  tokens?.flatMap(inline) ?? [];

function inline(token: Token): readonly TextPart[] {
  switch (token.type) {
    case 'strong':
    case 'em':
    case 'del':
      return [element(token.type, inlines(token.tokens))];
    case 'codespan':
      return [element('code', [token.text])];
    case 'br':
      return [element('br', [])];
    case 'link':
      return [link(token as Tokens.Link)];
    case 'escape':
    case 'text':
      return 'tokens' in token && token.tokens !== undefined
        ? inlines(token.tokens)
        : [plain(token.text)];
    default:
      return [token.raw];
  }
}

/** Another lab's text is a page of the book; other files of the project are named, not linked. */
function link({ href, tokens }: Tokens.Link): TextElement {
  const lab = /^(?:\.\.\/)?([a-z0-9-]+)\/README\.md$/.exec(href)?.[1];
  const target = lab === undefined ? href : `#/lab/${lab}`;
  if (!/^(https?:\/\/|#)/.test(target)) return element('span', inlines(tokens));
  return { name: 'a', parts: inlines(tokens), href: target };
}

/** What the lexer escapes for markup; elements hold the characters themselves. */
const plain = (text: string): string =>
  text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => NAMED[name] ?? '');

const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#39': "'",
};
