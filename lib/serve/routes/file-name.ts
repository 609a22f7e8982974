import { Failure } from '../../model/problem';
import type { FieldReader } from './fields';

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/** The name of a manifest that a learner writes: never a path. */
export const fileName: FieldReader<string> = (value, path) => {
  if (typeof value === 'string' && NAME.test(value) && /\.ya?ml$/.test(value)) return value;
  throw new Failure(
    'bad-name',
    `${path} must be the name of a YAML file without a folder`,
    'use letters, digits, dots, dashes and underscores, such as my-policy.yaml',
  );
};
