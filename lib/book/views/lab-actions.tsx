import type { Lab } from '../../lab/format';
import { useAction } from '../action';
import { act, isLive, isLost, upLab } from '../live';
import { ActionLine } from '../parts/action-line';
import { CommandLine } from '../parts/controls';
import { Icon } from '../parts/icon';

/** Brings a lab up and down; the published book names the commands. */
export function LabActions({ lab, stage }: { readonly lab: Lab<string>; readonly stage: string }) {
  const { state, run } = useAction();
  if (!isLive) return <KernelCommands lab={lab.id} />;
  const up = upLab(lab.id);
  const canRun = lab.targets.includes('local');
  const begin = () =>
    run(async (progress) => {
      await act(lab.id, 'up', {}, { progress });
    });
  const end = () =>
    run(async (progress) => {
      await act(lab.id, 'down', {}, { progress });
    });
  const move = () =>
    run(async (progress) => {
      await act(lab.id, 'stage', { stage }, { progress });
    });
  if (isLost.value) return <KernelCommands lab={lab.id} />;
  return (
    <div class="lab-actions">
      {up === undefined && canRun && (
        <button type="button" class="primary" disabled={state.busy} onClick={begin}>
          Bring the lab up
        </button>
      )}
      {!canRun && <CommandLine command={`lab up ${lab.id} --target ${lab.targets[0] ?? 'kind'}`} />}
      {up !== undefined && (
        <>
          <span class="up-state">
            <Icon name="up" /> {up.stage === '' ? 'The lab is up' : `The lab is up at ${up.stage}`}
          </span>
          {stage !== '' && up.stage !== stage && (
            <button type="button" class="secondary" disabled={state.busy} onClick={move}>
              Move it to {stage}
            </button>
          )}
          <button type="button" class="secondary" disabled={state.busy} onClick={end}>
            Take it down
          </button>
        </>
      )}
      <ActionLine
        busy={state.busy}
        text={state.text}
        problem={state.error?.problem}
        fix={state.error?.fix}
      />
    </div>
  );
}

/** Packets need a kernel: what to type for them. */
const KernelCommands = ({ lab }: { readonly lab: string }) => (
  <div class="kernel-commands">
    <p>
      {isLost.value
        ? 'The server has ended. In a terminal:'
        : 'The lab and its checks run on your machine. In a terminal:'}
    </p>
    <CommandLine command={`lab up ${lab}`} />
    <CommandLine command="lab check" />
  </div>
);
