/** Lines beyond which only the common beginning and end are compared. */
const MOST = 800;

/** Numbers of the lines, from 1, that are not in the original; the same lines in the same order are. */
export function changedLines(original: string, text: string): ReadonlySet<number> {
  const [old, now] = [original.split('\n'), text.split('\n')];
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start += 1;
  let end = 0;
  while (
    end < old.length - start &&
    end < now.length - start &&
    old[old.length - 1 - end] === now[now.length - 1 - end]
  )
    end += 1;
  const oldPart = old.slice(start, old.length - end);
  const part = now.slice(start, now.length - end);
  const kept =
    oldPart.length > MOST || part.length > MOST ? new Set<number>() : common(oldPart, part);
  return new Set(part.flatMap((_, i) => (kept.has(i) ? [] : [start + i + 1])));
}

/** Places of `now` that belong to the longest common subsequence of both. */
function common(old: readonly string[], now: readonly string[]): ReadonlySet<number> {
  const width = now.length + 1;
  const longest = new Uint16Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = now.length - 1; j >= 0; j -= 1) {
      longest[i * width + j] =
        old[i] === now[j]
          ? 1 + (longest[(i + 1) * width + j + 1] ?? 0)
          : Math.max(longest[(i + 1) * width + j] ?? 0, longest[i * width + j + 1] ?? 0);
    }
  }
  const kept = new Set<number>();
  for (let i = 0, j = 0; i < old.length && j < now.length; ) {
    if (old[i] === now[j]) {
      kept.add(j);
      i += 1;
      j += 1;
    } else if ((longest[(i + 1) * width + j] ?? 0) >= (longest[i * width + j + 1] ?? 0)) i += 1;
    else j += 1;
  }
  return kept;
}
