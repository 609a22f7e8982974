import { useEffect } from 'preact/hooks';
import type { Lab } from '../../lab/format';
import { cardOf, go, labData, playedLab, stageLabel, stagesOf } from '../book';
import type { LabData } from '../book-data';
import { Segments } from '../parts/controls';
import { formatRoute, type LabTab } from '../route';
import { EditorView } from './editor';
import { useKeys } from './keyboard';
import type { LabRoute, LabViewProps } from './lab-place';
import { LabText } from './lab-text';
import { MapView } from './map';
import { MatrixView } from './matrix';
import { PacketsView } from './packets';

/** One lab: its bar, and the tab of the address. */
export function LabView({ place }: { readonly place: LabRoute }) {
  const card = cardOf(place.lab);
  useEffect(() => {
    if (card !== undefined && card.id !== place.lab) go({ ...place, lab: card.id }, 'replace');
  }, [card, place]);
  const data = card === undefined ? undefined : labData(card.id);
  if (card === undefined) return <Missing id={place.lab} />;
  if (data instanceof Error) {
    return (
      <div class="page">
        <h1>{card.title}</h1>
        <p role="alert">{data.message}</p>
      </div>
    );
  }
  if (data === undefined) {
    return (
      <div class="page loading">
        <h1>{card.title}</h1>
      </div>
    );
  }
  return <LoadedLab data={data} place={place} />;
}

const Missing = ({ id }: { readonly id: string }) => (
  <div class="page">
    <h1>There is no lab with the id {id}</h1>
    <p>
      <a href="#/">The curriculum</a> lists all labs.
    </p>
  </div>
);

function LoadedLab({ data, place }: { readonly data: LabData; readonly place: LabRoute }) {
  const lab = playedLab(data);
  const stages = stagesOf(lab);
  const named = stages.find(({ name }) => name === place.stage);
  const stage = named?.name ?? lab.start ?? stages[0]?.name ?? '';
  const show = (tab: LabTab) => () => go({ ...place, tab });
  const move = (by: number) => () => {
    const next = stages[stages.findIndex(({ name }) => name === stage) + by];
    if (next !== undefined) go({ ...place, stage: next.name });
  };
  useKeys({
    t: show('text'),
    m: show('map'),
    x: show('matrix'),
    e: show('editor'),
    '[': move(-1),
    ']': move(1),
  });
  return (
    <>
      <LabBar lab={lab} place={place} stage={stage} />
      <LabTabView data={data} lab={lab} place={place} stage={stage} />
    </>
  );
}

function LabTabView(props: LabViewProps) {
  if (props.lab.stages.length === 0 && props.place.tab !== 'packets') return <LabText {...props} />;
  switch (props.place.tab) {
    case 'text':
      return <LabText {...props} />;
    case 'map':
      return <MapView {...props} />;
    case 'matrix':
      return <MatrixView {...props} />;
    case 'editor':
      return <EditorView {...props} />;
    case 'packets':
      return <PacketsView {...props} />;
  }
}

const TABS: readonly (readonly [LabTab, string])[] = [
  ['text', 'Tasks'],
  ['map', 'Map'],
  ['matrix', 'Matrix'],
  ['editor', 'Editor'],
  ['packets', 'Packets'],
];

interface LabBarProps {
  readonly lab: Lab<string>;
  readonly place: LabRoute;
  readonly stage: string;
}

function LabBar({ lab, place, stage }: LabBarProps) {
  const tabs = TABS.filter(([tab]) => lab.stages.length > 0 || tab === 'text' || tab === 'packets');
  const { flow: _, hop: __, ...bare } = place;
  return (
    <div class="lab-bar">
      <Segments
        label="Views of the lab"
        choices={tabs.map(([tab, label]) => ({
          label,
          href: formatRoute({ ...(tab === 'matrix' || tab === 'map' ? place : bare), tab }),
          chosen: tab === place.tab,
        }))}
      />
      {place.tab !== 'text' && <p class="lab-bar-title">{lab.title}</p>}
      {lab.stages.length > 0 && <StageChoice lab={lab} place={place} stage={stage} />}
    </div>
  );
}

/** Stages as a bar of links, and as a menu where the bar does not fit. */
function StageChoice({ lab, place, stage }: LabBarProps) {
  const stages = stagesOf(lab);
  const choose = (event: Event) => {
    const { hop: _, ...rest } = place;
    go({ ...rest, stage: (event.currentTarget as HTMLSelectElement).value });
  };
  const { hop: _, ...rest } = place;
  return (
    <div class={`stages${stages.length > 5 ? ' many' : ''}`}>
      {place.tab === 'map' && <CompareChoice lab={lab} place={place} stage={stage} />}
      <span class="stages-label">stage</span>
      <Segments
        label="Stage"
        choices={stages.map(({ name, about }) => ({
          label: stageLabel(lab, name),
          title: about,
          href: formatRoute({ ...rest, stage: name }),
          chosen: name === stage,
        }))}
      />
      <select aria-label="Stage" value={stage} onChange={choose}>
        {stages.map(({ name }) => (
          <option key={name} value={name}>
            {stageLabel(lab, name)}
          </option>
        ))}
      </select>
    </div>
  );
}

/** The stage that the map is compared with. */
function CompareChoice({ lab, place, stage }: LabBarProps) {
  const choose = (event: Event) => {
    const { against: _, ...rest } = place;
    const { value } = event.currentTarget as HTMLSelectElement;
    go(value === '' ? rest : { ...rest, against: value });
  };
  return (
    <select
      class="compare"
      aria-label="Compared with"
      value={place.against ?? ''}
      onChange={choose}
    >
      <option value="">compared with no stage</option>
      {stagesOf(lab)
        .filter(({ name }) => name !== stage)
        .map(({ name }) => (
          <option key={name} value={name}>
            compared with {stageLabel(lab, name)}
          </option>
        ))}
    </select>
  );
}
