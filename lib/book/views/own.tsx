import { useEffect } from 'preact/hooks';
import { useAsked } from '../asked';
import { go } from '../book';
import { askEngine } from '../engine-client';
import { ownFiles, ownRecords, ownSnapshot, ownVersion } from '../own';
import { Segments } from '../parts/controls';
import { Problems } from '../parts/problems';
import { formatRoute, OWN_TABS, type OwnTab } from '../route';
import { openAgain } from '../worlds';
import { useKeys } from './keyboard';
import { LinkedFiles } from './linked-files';
import { OwnAnswers } from './own-answers';
import { OwnEditor } from './own-editor';
import { OwnFilesView } from './own-files';
import type { OwnRoute } from './own-place';

const LABELS: Readonly<Record<OwnTab, string>> = {
  files: 'Files',
  map: 'Map',
  matrix: 'Matrix',
  editor: 'Editor',
  findings: 'Findings',
  changes: 'Changes',
  policies: 'Recommended policies',
};

/** A person's own network: files are read and judged in this browser, and are sent nowhere. */
export function OwnView({ place }: { readonly place: OwnRoute }) {
  const version = ownVersion.value;
  const hasFiles = ownFiles.value.some(({ use }) => use === 'manifest' || use === 'template');
  const key = `own ${version}`;
  const { value, error, busy } = useAsked(hasFiles ? key : undefined, () =>
    openAgain(key, ownSnapshot()),
  );
  useEffect(() => {
    // Where it cannot be loaded now, the tab that needs it says so.
    askEngine('prepareRecommend', undefined).catch(() => undefined);
  }, []);
  useKeys({
    m: () => go({ view: 'own', tab: 'map' }),
    x: () => go({ view: 'own', tab: 'matrix' }),
  });
  return (
    <>
      <div class="lab-bar">
        <Segments
          label="Views of your network"
          choices={OWN_TABS.filter((tab) => tab === 'files' || hasFiles).map((tab) => ({
            label: LABELS[tab],
            href: formatRoute({ view: 'own', tab }),
            chosen: tab === place.tab,
          }))}
        />
        <p class="lab-bar-title own-note">Nothing leaves this browser</p>
      </div>
      {place.files !== undefined && <LinkedFiles place={place} packed={place.files} />}
      {(place.tab === 'files' || !hasFiles) && <OwnFilesView opened={value} />}
      {error !== undefined && <p role="alert">{error.message}</p>}
      {place.tab !== 'files' && value?.kind === 'problems' && (
        <div class="page">
          <h1>These files cannot be judged</h1>
          <Problems problems={value.problems} />
        </div>
      )}
      {place.tab === 'editor' && value?.kind === 'read' && !busy && <OwnEditor worldKey={key} />}
      {place.tab !== 'files' && place.tab !== 'editor' && value?.kind === 'read' && !busy && (
        <OwnAnswers place={place} worldKey={key} records={ownRecords()} />
      )}
    </>
  );
}
