import type { PlacedProblem } from '../engine/types';

/** What is wrong in files: where, what, and what to do. */
export function Problems({ problems }: { readonly problems: readonly PlacedProblem[] }) {
  return (
    <ul class="problems">
      {problems.slice(0, MOST).map((one) => (
        <li key={`${one.file} ${one.document} ${one.path} ${one.problem}`}>
          <p>
            <code>{placeText(one)}</code> {one.problem}
          </p>
          <p class="fix">{one.fix}</p>
        </li>
      ))}
      {problems.length > MOST && <li>and {problems.length - MOST} more</li>}
    </ul>
  );
}

/** More problems than that are counted. */
const MOST = 50;

const placeText = ({ file, line, path }: PlacedProblem): string =>
  [file, line === undefined ? '' : `:${line}`, path === '' ? '' : ` ${path}`].join('');
