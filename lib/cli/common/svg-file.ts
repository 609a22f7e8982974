import type { Command } from 'commander';
import type { Picture } from '../../picture/types';
import { writeText } from './files';

/** Where a picture is written, and in which colours. */
export interface SvgFileOptions {
  readonly svg?: string;
  readonly dark?: true;
}

/** Adds the options that write a picture. */
export const svgOptions = (command: Command): Command =>
  command.option('--svg <file>', 'write the picture as SVG').option('--dark', 'SVG: light on dark');

/** Writes a picture as an SVG file; throws a `Failure` where the file cannot be written. */
export function writeSvg(picture: Picture, path: string, { dark }: SvgFileOptions): void {
  const { svgOf } = require('../../picture/svg') as typeof import('../../picture/svg');
  const { DARK, LIGHT } = require('../../picture/theme') as typeof import('../../picture/theme');
  writeText(path, svgOf(picture, dark ? DARK : LIGHT));
}
