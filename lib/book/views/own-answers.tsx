import { useState } from 'preact/hooks';
import type { SourceFile } from '../../model/problem';
import { useAsked } from '../asked';
import { go } from '../book';
import { download } from '../download';
import type { AskedFlow } from '../engine/types';
import { askEngine } from '../engine-client';
import { beforeSnapshot } from '../own';
import { ChangesList, changesHeadline } from '../parts/changes';
import { Findings, findingsHeadline } from '../parts/findings';
import { Icon } from '../parts/icon';
import { MatrixLegend } from '../parts/legend';
import { PictureFrame, PictureLegend } from '../parts/picture';
import { Problems } from '../parts/problems';
import { openAgain } from '../worlds';
import { FlowExplanation } from './flow-panel';
import { GridTable, totalsLine } from './matrix';
import { useNarrow } from './media';
import type { OwnRoute } from './own-place';
import { useWay } from './way';

interface OwnAnswersProps {
  readonly place: OwnRoute;
  /** Key of the world in the engine. */
  readonly worldKey: string;
  readonly records: readonly SourceFile[];
}

const choose =
  (tab: OwnRoute['tab']) =>
  (flow: AskedFlow | undefined): void =>
    go(flow === undefined ? { view: 'own', tab } : { view: 'own', tab, flow });

/** What the engine says about a person's own network. */
export function OwnAnswers(props: OwnAnswersProps) {
  const { place, worldKey } = props;
  const chosen = `${place.flow?.from} ${place.flow?.to}`;
  const [at, setAt] = useState<{ readonly flow: string; readonly hop: number } | undefined>(
    undefined,
  );
  const hop = at?.flow === chosen ? at.hop : undefined;
  const onHop = (next: number): void => setAt({ flow: chosen, hop: next });
  return (
    <div class={place.flow === undefined ? 'with-panel' : 'with-panel open'}>
      <div class="canvas own-canvas">
        <OwnTabView {...props} hop={hop} onHop={onHop} />
      </div>
      {place.flow !== undefined && (
        <OwnFlow
          worldKey={worldKey}
          flow={place.flow}
          hop={hop}
          onHop={onHop}
          onClose={() => choose(place.tab)(undefined)}
        />
      )}
    </div>
  );
}

interface OwnTabProps extends OwnAnswersProps, HopProps {}

function OwnTabView(props: OwnTabProps) {
  switch (props.place.tab) {
    case 'map':
      return <OwnMap {...props} />;
    case 'matrix':
      return <OwnMatrix {...props} />;
    case 'findings':
      return <OwnFindings {...props} />;
    case 'changes':
      return <OwnChanges {...props} />;
    case 'policies':
      return <OwnPolicies {...props} />;
    case 'files':
    case 'editor':
      return null;
  }
}

function OwnMap({ worldKey, place: { flow }, hop, onHop }: OwnTabProps) {
  const narrow = useNarrow();
  const way = useWay({ key: worldKey, open: async () => worldKey, flow, hop });
  const { value } = useAsked(`${worldKey} map ${narrow}`, () =>
    askEngine('picture', {
      key: worldKey,
      topology: [worldKey],
      compact: narrow,
      direction: narrow ? 'down' : 'right',
    }),
  );
  const { value: judged } = useAsked(`${worldKey} totals`, () =>
    askEngine('judge', { key: worldKey }),
  );
  return (
    <div class="map-canvas own-map">
      <h1>Map</h1>
      {way !== undefined && (
        <>
          <PictureFrame picture={way} live onStep={onHop} />
          <PictureLegend picture={way} />
        </>
      )}
      {value?.kind === 'pictured' && way === undefined && (
        <>
          <p class="lead">{judged?.kind === 'judged' && totalsLine(judged.grid)}</p>
          <PictureFrame picture={value} live onFlow={choose('map')} onBox={() => undefined} />
          <PictureLegend picture={value} />
        </>
      )}
    </div>
  );
}

function OwnMatrix({ worldKey, place }: OwnAnswersProps) {
  const { value } = useAsked(`${worldKey} matrix`, () => askEngine('judge', { key: worldKey }));
  return (
    <>
      <h1>Matrix</h1>
      {value?.kind === 'judged' && (
        <>
          <p class="lead">{totalsLine(value.grid)}</p>
          <GridTable
            grid={value.grid}
            size={value.grid.columns.length > 8 ? 'compact' : 'large'}
            flow={place.flow}
            onChoose={choose('matrix')}
          />
          <MatrixLegend grid={value.grid} seen={false} differing={false} />
        </>
      )}
    </>
  );
}

function OwnFindings({ worldKey }: OwnAnswersProps) {
  const { value } = useAsked(`${worldKey} findings`, () => askEngine('lint', { key: worldKey }));
  return (
    <>
      <h1>Findings</h1>
      {value !== undefined && (
        <>
          <p class="lead">{findingsHeadline(value)}</p>
          <Findings findings={value} />
        </>
      )}
    </>
  );
}

function OwnChanges({ worldKey }: OwnAnswersProps) {
  const before = `${worldKey} before`;
  const snapshot = beforeSnapshot();
  const hasBefore = snapshot.manifests.length > 0;
  const { value } = useAsked(hasBefore ? `${worldKey} changes` : undefined, async () => {
    const opened = await openAgain(before, snapshot);
    if (opened.kind === 'problems') return opened;
    const changes = await askEngine('compare', { before, after: worldKey });
    return 'kind' in changes ? changes : { kind: 'changes' as const, changes };
  });
  return (
    <>
      <h1>Changes</h1>
      {!hasBefore && (
        <p class="lead">
          Add the older version of the manifests and read it as “manifests before the change”: here
          is then what opens and closes.
        </p>
      )}
      {value?.kind === 'problems' && <Problems problems={value.problems} />}
      {value?.kind === 'changes' && (
        <>
          <p class="lead">{changesHeadline(value.changes)}.</p>
          <ChangesList changes={value.changes} />
        </>
      )}
    </>
  );
}

function OwnPolicies({ worldKey, records }: OwnAnswersProps) {
  const { value, error } = useAsked(records.length === 0 ? undefined : `${worldKey} policies`, () =>
    askEngine('recommend', { key: worldKey, records, enforcement: 'staged' }),
  );
  return (
    <>
      <h1>Recommended policies</h1>
      {records.length === 0 && (
        <p class="lead">
          Add flow records (answers of <code>lab flows</code>, Calico flow logs or VPC flow logs):
          here are then the policies that keep the flows that were seen.
        </p>
      )}
      {error !== undefined && <p role="alert">{error.message}</p>}
      {value?.kind === 'problems' && <Problems problems={value.problems} />}
      {value?.kind === 'recommended' && (
        <>
          <p class="lead">
            {value.flows} flows were seen. The policies keep them, staged first: nothing is enforced
            until their kind says so.
          </p>
          {value.generalised.length + value.notes.length > 0 && (
            <ul class="edge-list">
              {[...value.generalised, ...value.notes].map((one) => (
                <li key={one}>{one}</li>
              ))}
            </ul>
          )}
          <p class="task-actions">
            <button
              type="button"
              class="secondary"
              onClick={() => download('recommended.yaml', value.yaml)}
            >
              Keep as a file
            </button>
          </p>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a block that scrolls must be reachable by keyboard */}
          <pre class="yaml" tabIndex={0}>
            <code>{value.yaml}</code>
          </pre>
        </>
      )}
    </>
  );
}

/** The hop of the chosen flow that is looked at. */
interface HopProps {
  readonly hop: number | undefined;
  readonly onHop: (hop: number) => void;
}

interface OwnFlowProps extends HopProps {
  readonly worldKey: string;
  readonly flow: AskedFlow;
  readonly onClose: () => void;
}

function OwnFlow({ worldKey, flow, hop, onHop, onClose }: OwnFlowProps) {
  const { value } = useAsked(`${worldKey} ${flow.from} ${flow.to}`, () =>
    askEngine('explain', { key: worldKey, ...flow }),
  );
  return (
    <aside class="panel" aria-label="Explanation of a flow">
      <button type="button" class="close" aria-label="Close" onClick={onClose}>
        <Icon name="close" />
      </button>
      {value?.kind === 'unknown-flow' && (
        <p role="alert">
          {value.problem}. {value.fix}
        </p>
      )}
      {value?.kind === 'explained' && (
        <FlowExplanation explained={value} hop={hop} onHop={onHop} onLeave={onClose} />
      )}
    </aside>
  );
}
