/** What an action says while it lasts, or why it did not go. */
export function ActionLine({
  busy,
  text,
  problem,
  fix,
}: {
  readonly busy: boolean;
  readonly text: string;
  readonly problem?: string | undefined;
  readonly fix?: string | undefined;
}) {
  if (problem !== undefined) {
    return (
      <p role="alert" class="action-error">
        {problem}
        {fix !== undefined && fix !== '' && <span class="fix"> {fix}</span>}
      </p>
    );
  }
  return busy ? (
    <p class="action-line" role="status">
      {text === '' ? 'Working' : text}
    </p>
  ) : null;
}
