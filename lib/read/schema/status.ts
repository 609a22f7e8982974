import { type At, type Report, warn } from './at';
import { BAD } from './refusal';
import type { Shape } from './shape';

/**
 * A value of a status, which a cluster wrote and a person may have redacted. One that cannot be
 * read is not known, with a remark: it is no fault of the objects that are judged.
 */
export const unlessBroken =
  <T>(shape: Shape<T>): Shape<T | undefined> =>
  (value, at) => {
    const apart: Report = { problems: [], warnings: at.report.warnings, skipped: {} };
    const read = shape(value, { ...at, report: apart });
    for (const { path, problem } of apart.problems) {
      const place: At = { ...at, path };
      warn(
        place,
        `${problem}: this part of the status is not known`,
        'give it as the cluster does',
      );
    }
    return read === BAD ? undefined : read;
  };
