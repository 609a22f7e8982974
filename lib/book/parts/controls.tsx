import type { ComponentChildren } from 'preact';

/** One of several: what is shown, or at which stage. The chosen one is a link to itself. */
export interface SegmentChoice {
  readonly label: string;
  readonly href: string;
  readonly chosen: boolean;
  readonly title?: string;
}

/** Links of which one is chosen, as a bar. */
export function Segments({
  label,
  choices,
}: {
  readonly label: string;
  readonly choices: readonly SegmentChoice[];
}) {
  return (
    <nav class="segments" aria-label={label}>
      {choices.map(({ label: text, href, chosen, title }) => (
        <a
          key={text}
          href={href}
          class={chosen ? 'segment chosen' : 'segment'}
          title={title}
          aria-current={chosen ? 'true' : undefined}
        >
          {text}
        </a>
      ))}
    </nav>
  );
}

/** A key as it stands on the keyboard. */
export const KeyCap = ({ children }: { readonly children: ComponentChildren }) => (
  <kbd class="key">{children}</kbd>
);

/** A command to type in a terminal, with a button that copies it. */
export function CommandLine({ command }: { readonly command: string }) {
  const copy = () => {
    void navigator.clipboard?.writeText(command).catch(() => undefined);
  };
  return (
    <span class="command">
      <code>{command}</code>
      <button type="button" class="quiet" onClick={copy} aria-label={`Copy: ${command}`}>
        Copy
      </button>
    </span>
  );
}

/** Text with `code` between backticks, as labs write it. */
export function Inline({ text }: { readonly text: string }) {
  return (
    <>
      {text
        .split(/`([^`]+)`/)
        .map((part, i) => (i % 2 === 1 ? <code key={`${i} ${part}`}>{part}</code> : part))}
    </>
  );
}
