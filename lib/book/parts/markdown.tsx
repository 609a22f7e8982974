import { lexer, type Token, type Tokens } from 'marked';
import type { ComponentChildren } from 'preact';

/**
 * Markdown as elements. Nothing becomes markup but what Markdown itself has: HTML in the text is shown
 * as the text that it is, and a link leads only to the web or into the book.
 */
export function Markdown({ text }: { readonly text: string }) {
  return <>{lexer(text).map(block)}</>;
}

function block(token: Token, key: number): ComponentChildren {
  switch (token.type) {
    case 'heading':
      return heading(token as Tokens.Heading, key);
    case 'paragraph':
      return <p key={key}>{inlines(token.tokens)}</p>;
    case 'code':
      return (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a block that scrolls must be reachable by keyboard
        <pre key={key} tabIndex={0}>
          <code>{token.text}</code>
        </pre>
      );
    case 'list':
      return list(token as Tokens.List, key);
    case 'blockquote':
      return <blockquote key={key}>{(token.tokens ?? []).map(block)}</blockquote>;
    case 'table':
      return table(token as Tokens.Table, key);
    case 'hr':
      return <hr key={key} />;
    case 'space':
      return null;
    case 'text':
      return <span key={key}>{inlines(token.tokens) ?? token.text}</span>;
    default:
      return <p key={key}>{token.raw}</p>;
  }
}

/** The page has a title of its own: a text's headings begin one below. */
function heading({ depth, tokens }: Tokens.Heading, key: number): ComponentChildren {
  const Name = `h${Math.min(6, Math.max(2, depth))}` as 'h2';
  return <Name key={key}>{inlines(tokens)}</Name>;
}

function list({ ordered, items, start }: Tokens.List, key: number): ComponentChildren {
  const rows = items.map((item) => <li key={item.raw}>{item.tokens.map(block)}</li>);
  return ordered ? (
    <ol key={key} start={Number(start) || 1}>
      {rows}
    </ol>
  ) : (
    <ul key={key}>{rows}</ul>
  );
}

const table = ({ header, rows }: Tokens.Table, key: number): ComponentChildren => (
  <div key={key} class="wide">
    <table class="text-table">
      <thead>
        <tr>
          {header.map((cell) => (
            <th key={cell.text} scope="col">
              {inlines(cell.tokens)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, r) => (
          <tr key={r}>
            {row.map((cell, c) => (
              <td key={c}>{inlines(cell.tokens)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);

const inlines = (tokens: readonly Token[] | undefined): ComponentChildren => tokens?.map(inline);

function inline(token: Token, key: number): ComponentChildren {
  switch (token.type) {
    case 'strong':
      return <strong key={key}>{inlines(token.tokens)}</strong>;
    case 'em':
      return <em key={key}>{inlines(token.tokens)}</em>;
    case 'del':
      return <del key={key}>{inlines(token.tokens)}</del>;
    case 'codespan':
      return <code key={key}>{token.text}</code>;
    case 'br':
      return <br key={key} />;
    case 'link':
      return link(token as Tokens.Link, key);
    case 'escape':
    case 'text':
      return 'tokens' in token && token.tokens !== undefined
        ? inlines(token.tokens)
        : plain(token.text);
    default:
      return token.raw;
  }
}

/** Another lab's text is a page of the book; other files of the project are named, not linked. */
function link({ href, tokens }: Tokens.Link, key: number): ComponentChildren {
  const lab = /^(?:\.\.\/)?([a-z0-9-]+)\/README\.md$/.exec(href)?.[1];
  const target = lab === undefined ? href : `#/lab/${lab}`;
  if (!/^(https?:\/\/|#)/.test(target)) return <span key={key}>{inlines(tokens)}</span>;
  const away = target.startsWith('#') ? {} : { rel: 'noreferrer noopener', target: '_blank' };
  return (
    <a key={key} href={target} {...away}>
      {inlines(tokens)}
    </a>
  );
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
