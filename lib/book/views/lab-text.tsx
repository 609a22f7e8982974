import { labState } from '../../lab/progress';
import { progressOf } from '../book';
import { catalogue } from '../data';
import { upLab } from '../live';
import { LabActions } from './lab-actions';
import type { LabViewProps } from './lab-place';
import { StagePicture } from './map';
import { MatrixPane } from './matrix';
import { Questions } from './questions';
import { RichText } from './rich-text';
import { Tasks } from './tasks';
import { TerminalPane } from './terminal-pane';

/** A lab's text and tasks, with its network beside them. */
export function LabText(props: LabViewProps) {
  const { lab, data } = props;
  const { levels } = catalogue();
  const done = progressOf(lab.id)?.done.length ?? 0;
  const hasNetwork = lab.stages.length > 0;
  return (
    <div class={hasNetwork ? 'split' : 'split alone'}>
      <article class="text-column">
        <p class="above-title">
          {levels[lab.level]} · {lab.id} · {labState(lab, progressOf(lab.id))}
        </p>
        <h1>{lab.title}</h1>
        <div class="lab-text">
          <RichText parts={data.text} />
        </div>
        {lab.localLimits !== undefined && <p class="remark">On this machine: {lab.localLimits}</p>}
        <h2>
          Tasks{' '}
          <span class="count">
            {done} of {lab.steps.length}
          </span>
        </h2>
        <LabActions lab={lab} stage={props.stage} />
        <Tasks {...props} />
        <Questions {...props} />
        {!hasNetwork && upLab(lab.id) !== undefined && <TerminalPane lab={lab.id} />}
      </article>
      {hasNetwork && (
        <section class="network-column" aria-label="The network at this stage">
          <StagePicture {...props} />
          <MatrixPane {...props} />
          {upLab(lab.id) !== undefined && <TerminalPane lab={lab.id} />}
        </section>
      )}
    </div>
  );
}
