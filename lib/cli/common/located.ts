import type { Evidence } from '../../model/explanation';
import type { Finding } from '../../model/finding';
import type { SourceFile } from '../../model/problem';
import type { SourcePlace } from '../../model/source-place';
import { createLocator } from '../../read/schema/locate';
import { soughtBy, soughtOf } from '../../read/schema/sought';

/** Something that was decided or found, with the place of its rule in the files, where they have it. */
export type Located<T> = T & { readonly at?: SourcePlace };

/** Evidence with the places of the rules and objects that it cites. */
export function locateEvidence(
  by: readonly Evidence[],
  files: readonly SourceFile[],
): readonly Located<Evidence>[] {
  const { locate } = createLocator(files);
  return by.map((one) => {
    const sought = soughtBy(one);
    const at = sought && locate(sought);
    return at === undefined ? one : { ...one, at };
  });
}

/** Findings with the places of the rules and objects that they are about. */
export function locateFindings(
  findings: readonly Finding[],
  files: readonly SourceFile[],
): readonly Located<Finding>[] {
  const { locate } = createLocator(files);
  return findings.map((one) => {
    const at = locate(soughtOf(one));
    return at === undefined ? one : { ...one, at };
  });
}

/** A place as compilers write it: `policies.yaml:12:5`. */
export const placeText = ({ file, line, column }: SourcePlace): string =>
  `${file}:${line}:${column}`;
