import { CST } from 'yaml';

/** Levels of lists and objects inside one document. Kubernetes' own kinds need fewer than 30. */
export const MAX_DEPTH = 100;
/** Lexical tokens of one document: what bounds the memory its tree takes. */
export const MAX_TOKENS = 2_000_000;
export const TOO_DEEP = [
  `lists and objects are nested more than ${MAX_DEPTH} deep`,
  `keep to ${MAX_DEPTH} levels`,
] as const;

export const TOO_LARGE = [
  `the document has more than ${MAX_TOKENS} tokens`,
  'split it, or write it as JSON',
] as const;

/** A document that is not read on, and the files' rest with it. */
export class Limit extends Error {
  constructor(readonly reason: typeof TOO_DEEP | typeof TOO_LARGE) {
    super(reason[0]);
  }
}

/** Before the composer goes one call deeper for each level; walked with a list for the same reason. */
export function checkDepth(document: CST.Token): void {
  if (document.type !== 'document') return;
  const queue = [{ token: document.value, depth: 0 }];
  for (let entry = queue.pop(); entry !== undefined; entry = queue.pop()) {
    const { token, depth } = entry;
    if (depth > MAX_DEPTH) throw new Limit(TOO_DEEP);
    if (!CST.isCollection(token)) continue;
    for (const { key, value } of token.items) {
      queue.push({ token: key ?? undefined, depth: depth + 1 }, { token: value, depth: depth + 1 });
    }
  }
}
