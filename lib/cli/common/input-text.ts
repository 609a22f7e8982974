import { Failure } from '../../model/problem';

/**
 * The text of a file. A byte order mark says which encoding it has: UTF-8, or UTF-16 as PowerShell's
 * `>` writes it (Unicode standard, 23.8 "Byte Order Mark"). Without one it is UTF-8.
 *
 * @throws Failure `not-text` where the bytes are not of that encoding
 */
export function inputText(path: string, bytes: Buffer): string {
  const encoding = encodingOf(bytes);
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (cause) {
    const problem = `${path} is not text in ${encoding.toUpperCase()}`;
    throw new Failure('not-text', problem, 'save the file as UTF-8', { cause });
  }
}

function encodingOf(bytes: Buffer): 'utf-8' | 'utf-16le' | 'utf-16be' {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
}
