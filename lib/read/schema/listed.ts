/** The words a message can afford to list: all of a few, the first ones of many. */
export function listed(words: readonly string[]): string {
  const shown = words.slice(0, 8).join(', ');
  return words.length > 8 ? `${shown} and ${words.length - 8} more` : shown;
}
