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

/**
 * Letters to insert, remove, replace, or swap with their neighbour, ignoring case (optimal string
 * alignment).
 */
export function editDistance(a: string, b: string): number {
  const [from, to] = [a.toLowerCase(), b.toLowerCase()];
  let above: readonly number[] = [];
  let row: readonly number[] = Array.from({ length: to.length + 1 }, (_, i) => i);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      const swaps = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      const swapped = swaps ? (above[j - 2] ?? 0) + 1 : replaced;
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, replaced, swapped));
    }
    [above, row] = [row, next];
  }
  return row.at(-1) ?? 0;
}
