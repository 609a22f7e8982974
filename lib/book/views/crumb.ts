/** Where a line stands: `NetworkPolicy shop/frontend › spec.egress[1]`. Read from indentation alone. */
export function crumbOf(text: string, line: number): string {
  const lines = text.split('\n');
  const start = 1 + lines.slice(0, line).findLastIndex((one) => one.startsWith('---'));
  const after = lines.findIndex((one, i) => i >= line && one.startsWith('---'));
  const document = lines.slice(start, after < 0 ? undefined : after);
  const name = objectName(document);
  const path = pathOf(lines.slice(start, line));
  return [name, path].filter((part) => part !== '').join(' › ');
}

function objectName(document: readonly string[]): string {
  const word = (pattern: RegExp): string =>
    document.flatMap((one) => pattern.exec(one)?.[1] ?? [])[0] ?? '';
  const metadata = document.findIndex((one) => one.startsWith('metadata:'));
  const meta = document.slice(metadata + 1).filter((_, i, all) => {
    const end = all.findIndex((other) => /^\S/.test(other));
    return end < 0 || i < end;
  });
  const metaWord = (key: string): string =>
    meta.flatMap((one) => new RegExp(`^ {1,4}${key}:\\s*(\\S+)`).exec(one)?.[1] ?? [])[0] ?? '';
  const [kind, namespace, name] = [word(/^kind:\s*(\S+)/), metaWord('namespace'), metaWord('name')];
  const full = namespace === '' ? name : `${namespace}/${name}`;
  return `${kind} ${full}`.trim();
}

/** Keys and places in lists from the top to the last line, at most four of them. */
function pathOf(lines: readonly string[]): string {
  const steps: string[] = [];
  let limit = Number.POSITIVE_INFINITY;
  let index = 0;
  let inList = false;
  for (const line of lines.toReversed()) {
    const [, spaces = '', dash] = /^(\s*)(- )?/.exec(line) ?? [];
    const key = /^\s*(?:- )*([^\s:#]+):/.exec(line)?.[1];
    const depth = spaces.length;
    if (line.trim() === '' || depth > limit) continue;
    if (inList && depth === limit && dash !== undefined) {
      index += 1;
      continue;
    }
    if (inList && key !== undefined && dash === undefined && depth <= limit) {
      steps.unshift(`${key}[${index}]`);
      inList = false;
      limit = depth - 1;
      continue;
    }
    if (dash !== undefined) {
      if (key !== undefined && limit === Number.POSITIVE_INFINITY) steps.unshift('');
      inList = true;
      index = 0;
      limit = depth;
      continue;
    }
    if (key !== undefined && depth < limit) {
      steps.unshift(key);
      limit = depth - 1;
    }
  }
  return steps
    .filter((step) => step !== '')
    .slice(0, 4)
    .join('.');
}
