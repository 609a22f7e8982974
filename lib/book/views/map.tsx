import { useState } from 'preact/hooks';
import { useAsked } from '../asked';
import { stagesOf } from '../book';
import type { Pictured, Unreadable } from '../engine/types';
import { askEngine } from '../engine-client';
import { Inline } from '../parts/controls';
import { PictureFrame, PictureLegend } from '../parts/picture';
import { Problems } from '../parts/problems';
import { openStage, openStand, standKey } from '../worlds';
import { AppliedLine } from './applied-line';
import { litFlow } from './failed-checks';
import { FlowPanel } from './flow-panel';
import { chooseFlow, chooseHop, type LabViewProps } from './lab-place';
import { MapSelection } from './map-selection';
import { totalsLine, useStage } from './matrix';
import { useNarrow } from './media';
import { useWay } from './way';

/** The picture of a stage; every stage of the lab has its part in the places. */
function useStagePicture({ data, lab, stage, place }: LabViewProps, compact: boolean) {
  const narrow = useNarrow();
  const before = place.against;
  const names = stagesOf(lab).map(({ name }) => name);
  const failed = litFlow(data.lab.id, stage);
  const key = [standKey(data, stage), before, compact, narrow, failed?.from, failed?.to].join(' ');
  return useAsked<Pictured | Unreadable>(key, async () => {
    const own = await openStand(data, stage);
    const stages = await Promise.all(names.map((name) => openStage(data, name)));
    const topology = stages.includes(own) ? stages : [...stages, own];
    return askEngine('picture', {
      key: own,
      topology,
      compact: compact || narrow,
      direction: narrow ? 'down' : 'right',
      ...(before !== undefined && { before: await openStage(data, before) }),
      ...(failed !== undefined && { failed: [failed] }),
    });
  });
}

/** The map of a stage, with the chosen workload or flow beside it. */
export function MapView(props: LabViewProps) {
  const { data, lab, stage, place } = props;
  const { value, error } = useStagePicture(props, false);
  const judged = useStage(data, stage);
  const [chosen, setChosen] = useState<string | undefined>(undefined);
  const about = lab.stages.find(({ name }) => name === stage)?.about ?? '';
  const { flow, hop } = place;
  const key = standKey(data, stage);
  const way = useWay({ key, open: () => openStand(data, stage), flow, hop });
  const hasPanel = place.flow !== undefined || chosen !== undefined;
  const choose = (id: string | undefined): void => {
    if (place.flow !== undefined) chooseFlow(undefined);
    setChosen(id === chosen ? undefined : id);
  };
  return (
    <div class={hasPanel ? 'with-panel map-view open' : 'with-panel map-view'}>
      <div class="canvas map-canvas">
        <h1>
          <Inline text={about} />
        </h1>
        <p class="lead">
          {judged.value?.kind === 'judged' && totalsLine(judged.value.grid)}
          <AppliedLine data={data} stage={stage} />
          {value?.kind === 'pictured' && place.against !== undefined && (
            <span> {comparedLine(value, place.against)}</span>
          )}
        </p>
        {error !== undefined && <p role="alert">{error.message}</p>}
        {value?.kind === 'problems' && <Problems problems={value.problems} />}
        {value?.kind === 'pictured' && way === undefined && (
          <>
            <PictureFrame
              picture={value}
              live
              {...(chosen !== undefined && { chosen })}
              onBox={choose}
              onFlow={chooseFlow}
            />
            <PictureLegend picture={value} />
          </>
        )}
        {way !== undefined && (
          <>
            <PictureFrame picture={way} live onStep={chooseHop} />
            <PictureLegend picture={way} />
          </>
        )}
      </div>
      {place.flow !== undefined && <FlowPanel {...props} flow={place.flow} />}
      {place.flow === undefined && chosen !== undefined && value?.kind === 'pictured' && (
        <MapSelection
          picture={value}
          id={chosen}
          onClose={() => setChosen(undefined)}
          onFlow={chooseFlow}
        />
      )}
    </div>
  );
}

/** What the lines of a map say against another stage. */
function comparedLine({ edges }: Pictured, against: string): string {
  const count = (state: string): number => edges.filter((edge) => edge.state === state).length;
  const words = (number: number, word: string): string =>
    `${number === 0 ? 'no line' : number} ${word}`;
  return `Against ${against}: ${words(count('opened'), 'opened')}, ${words(count('closed'), 'closed')}.`;
}

/** The picture of a stage beside a lab's text. */
export function StagePicture(props: LabViewProps) {
  const { value } = useStagePicture(props, true);
  const about = props.lab.stages.find(({ name }) => name === props.stage)?.about ?? '';
  return (
    <div class="stage-picture">
      <p class="stage-about">
        <Inline text={about} />
        <AppliedLine data={props.data} stage={props.stage} />
      </p>
      {value?.kind === 'pictured' && (
        <>
          <PictureFrame picture={value} live={false} onFlow={chooseFlow} />
          <PictureLegend picture={value} />
        </>
      )}
    </div>
  );
}
