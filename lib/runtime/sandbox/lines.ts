import type { Readable } from 'node:stream';

/** Calls `take` with every JSON value of a stream that has one a line. */
export function readLines(stream: Readable, take: (value: unknown) => void): void {
  let parts: string[] = [];
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    const pieces = text.split('\n');
    pieces.forEach((piece, i) => {
      parts.push(piece);
      if (i === pieces.length - 1) return;
      const line = parts.join('');
      parts = [];
      take(JSON.parse(line));
    });
  });
}

/** One JSON value as a line. */
export const line = (value: unknown): string => `${JSON.stringify(value)}\n`;
