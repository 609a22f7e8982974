import type { Matrix } from '../model/matrix';
import { LEGEND, LETTERS, markOf, type Square, squareOf } from './matrix';
import type { Palette } from './palette';

/** Two matrices of the same ends side by side: prediction left, observation right. */
export function matrixPairText(predicted: Matrix, observed: Matrix, palette: Palette): string {
  const [left, right] = [squareOf(predicted), squareOf(observed)];
  const letters = left.targets.map((_, i) => LETTERS[i] ?? '').join(' ');
  const width = Math.max('predicted'.length, ...left.sources.map((name) => name.length));
  const half = Math.max(letters.length, 'predicted'.length);
  const line = (name: string, a: string, b: string): string =>
    `  ${name.padEnd(width)}  ${a}${' '.repeat(Math.max(0, half - visible(a)))}   ${b}`.trimEnd();
  return [
    palette.quiet(line('', 'predicted', 'observed')),
    palette.quiet(line('', letters, letters)),
    ...left.sources.map((name, s) => line(name, row(left, s, palette), row(right, s, palette))),
  ].join('\n');
}

/** What the letters and characters of a matrix mean. */
export const matrixLegend = (matrix: Matrix, palette: Palette): string =>
  [
    ...squareOf(matrix).targets.map((name, i) => palette.quiet(`  ${LETTERS[i]} = ${name}`)),
    palette.quiet(`  ${LEGEND}`),
  ].join('\n');

const row = ({ targets, cells }: Square, source: number, palette: Palette): string =>
  targets.map((_, t) => markOf(cells[source * targets.length + t], palette)).join(' ');

const ESCAPE = String.fromCharCode(27);

/** How many columns a text takes on a terminal: colours take none. */
const visible = (text: string): number =>
  text.replaceAll(new RegExp(`${ESCAPE}\\[\\d+m`, 'g'), '').length;
