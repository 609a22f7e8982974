import { labs } from '../../labs';
import type { Lab } from '../lab/format';
import { likely } from '../model/nearest';
import { Failure } from '../model/problem';

/**
 * The lab with this id.
 * @throws Failure `unknown-lab` with the likely id.
 */
export function findLab(id: string): Lab<string> {
  const lab = labs.find((one) => one.id === id);
  if (lab !== undefined) return lab;
  const ids = labs.map((one) => one.id);
  const close = ids.find((one) => one.startsWith(`${id}-`)) ?? likely(id, ids);
  throw new Failure(
    'unknown-lab',
    `no lab has the id '${id}'`,
    close === undefined ? 'lab list shows them all' : `did you mean ${close}?`,
  );
}

/** What `--as` accepts. */
const AS = /^[a-z][a-z0-9]{0,15}$/;

/**
 * Refuses a name that no lab has in an account: a lab's id, or its id, a dash and the name that `--as`
 * gave. A mistyped name would find nothing, and what it meant would stay and be billed.
 * @throws Failure `unknown-lab` with the likely id
 */
export function checkAccountName(name: string): void {
  const isKnown = labs.some(
    ({ id }) => name === id || (name.startsWith(`${id}-`) && AS.test(name.slice(id.length + 1))),
  );
  if (!isKnown) findLab(name);
}

/** The lab that comes after this one in the curriculum; none after the last. */
export const labAfter = (lab: Lab<string>): Lab<string> | undefined =>
  labs[labs.findIndex(({ id }) => id === lab.id) + 1];
