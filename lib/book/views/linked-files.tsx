import { useEffect } from 'preact/hooks';
import { useAsked } from '../asked';
import { go } from '../book';
import { isLive } from '../live';
import { type OwnFile, ownFiles, ownVersion, readState, setOwnFiles, stateText } from '../own';
import { packed, unpacked } from '../own-link';
import { formatRoute } from '../route';
import type { OwnRoute } from './own-place';

interface LinkedFilesProps {
  readonly place: OwnRoute;
  /** The files as the link holds them. */
  readonly packed: string;
}

/** Takes the files that a link holds; where there are others already, it asks first. */
export function LinkedFiles({ place, packed: part }: LinkedFilesProps) {
  const { value } = useAsked(part, async () => readState((await unpacked(part)) ?? '') ?? 'unread');
  const { files: _, ...here } = place;
  const take = (files: readonly OwnFile[]): void => {
    setOwnFiles(files);
    go(here, 'replace');
  };
  const isFree = ownFiles.value.length === 0 || same(value, ownFiles.value);
  useEffect(() => {
    if (value !== undefined && value !== 'unread' && isFree) take(value);
  }, [value]);
  if (value === undefined || (value !== 'unread' && isFree)) return null;
  return (
    <p class="link-note" role="alert">
      {value === 'unread' ? (
        'The link holds no files that can be read: it may have been cut off.'
      ) : (
        <>
          The link holds {value.length} {value.length === 1 ? 'file' : 'files'}, and yours are here.{' '}
          <button type="button" class="secondary" onClick={() => take(value)}>
            Show the link’s in their place
          </button>
        </>
      )}{' '}
      <button type="button" class="quiet" onClick={() => go(here, 'replace')}>
        Keep what is here
      </button>
    </p>
  );
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** A link that holds all files: what stands after `#` is sent to no server. */
export function StateLink() {
  const { value } = useAsked(
    `link ${ownVersion.value}`,
    async () => (await packed(stateText())) ?? '',
  );
  if (value === undefined) return null;
  if (value === '') return <span class="remark">It is too large for a link.</span>;
  const href = formatRoute({ view: 'own', tab: 'files', files: value });
  const copy = () => {
    const address = `${location.href.split('#')[0]}${href}`;
    void navigator.clipboard?.writeText(address).catch(() => undefined);
  };
  return (
    <>
      <a href={href}>A link that holds all of this</a>
      <button type="button" class="quiet" onClick={copy}>
        Copy<span class="unseen"> the link</span>
      </button>
      <span class="remark">
        It is sent to no server.
        {isLive &&
          ' On another machine, put what begins with # after the address of a lab book there.'}
      </span>
    </>
  );
}
