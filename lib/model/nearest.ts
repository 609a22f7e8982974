/** The known word a mistyped one most likely meant: the fewest edits away, ties by order. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const ranked = known.map((name) => ({ name, edits: editDistance(word, name) }));
  return ranked.toSorted((a, b) => a.edits - b.edits)[0]?.name;
}

/**
 * The same, but only where the two are near enough for a slip: at most a third of the letters
 * differ, and never more than three.
 */
export function likely(word: string, known: readonly string[]): string | undefined {
  const meant = nearest(word, known);
  const limit = Math.max(2, Math.min(3, Math.ceil(word.length / 3)));
  const edits = meant === undefined ? limit : editDistance(word, meant);
  return edits <= limit && edits < word.length ? meant : undefined;
}

/** Letters to insert, remove or replace, ignoring case (Levenshtein). */
function editDistance(a: string, b: string): number {
  const [from, to] = [a.toLowerCase(), b.toLowerCase()];
  let row = Array.from({ length: to.length + 1 }, (_, i) => i);
  for (const [i, letter] of [...from].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...to].entries()) {
      const [above = 0, left = 0, diagonal = 0] = [row[j + 1], next[j], row[j]];
      next.push(Math.min(above + 1, left + 1, diagonal + (letter === other ? 0 : 1)));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
