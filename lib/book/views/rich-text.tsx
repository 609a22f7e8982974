import type { ComponentChildren } from 'preact';
import type { TextElement, TextPart } from '../text-part';

/** A lab's text as elements of the page. */
export function RichText({ parts }: { readonly parts: readonly TextPart[] }) {
  return <>{parts.map(shown)}</>;
}

function shown(part: TextPart, key: number): ComponentChildren {
  if (typeof part === 'string') return part;
  const { name: Name, parts } = part;
  switch (Name) {
    case 'a':
      return <Link key={key} {...part} />;
    case 'br':
    case 'hr':
      return <Name key={key} />;
    case 'ol':
      return (
        <ol key={key} start={part.start ?? 1}>
          {parts.map(shown)}
        </ol>
      );
    case 'pre':
      return (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a block that scrolls must be reachable by keyboard
        <pre key={key} tabIndex={0}>
          {parts.map(shown)}
        </pre>
      );
    case 'table':
      return <Table key={key} {...part} />;
    case 'th':
      return (
        <th key={key} scope="col">
          {parts.map(shown)}
        </th>
      );
    default:
      return <Name key={key}>{parts.map(shown)}</Name>;
  }
}

function Link({ href, parts }: TextElement) {
  const away = href?.startsWith('#') ? {} : { rel: 'noreferrer noopener', target: '_blank' };
  return (
    <a href={href} {...away}>
      {parts.map(shown)}
    </a>
  );
}

const Table = ({ parts: [head, ...rows] }: TextElement) => (
  <div class="wide">
    <table class="text-table">
      <thead>{head !== undefined && shown(head, 0)}</thead>
      <tbody>{rows.map(shown)}</tbody>
    </table>
  </div>
);
