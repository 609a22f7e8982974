import { isLive, isLost, upLab } from '../live';
import { CommandLine } from '../parts/controls';
import { CapturePane } from './capture-pane';
import { LabActions } from './lab-actions';
import type { LabViewProps } from './lab-place';
import { TerminalPane } from './terminal-pane';

/** Packets of a lab that is up; where there is no kernel, the commands that show them. */
export function PacketsView(props: LabViewProps) {
  const { lab, stage } = props;
  if (!isLive || isLost.value) return <PacketCommands {...props} />;
  return (
    <div class="page packets">
      <h1>Packets</h1>
      <LabActions lab={lab} stage={stage} />
      {upLab(lab.id) === undefined ? (
        <p class="lead">The lab is not up: there are no packets to see.</p>
      ) : (
        <>
          <CapturePane lab={lab.id} />
          <TerminalPane lab={lab.id} />
        </>
      )}
    </div>
  );
}

function PacketCommands({ lab }: LabViewProps) {
  const place =
    lab.environment.kind === 'linux' ? (lab.environment.machines[0]?.name ?? 'machine') : 'pod';
  return (
    <div class="page">
      <h1>Packets</h1>
      <p class="lead">
        Packets are sent and captured by the kernel of your machine. This is the published book:
        bring the lab up there.
      </p>
      <ol class="command-list">
        <li>
          <CommandLine command={`lab up ${lab.id}`} />
          <p>Starts the lab as network namespaces of your own kernel.</p>
        </li>
        <li>
          <CommandLine command={`lab capture ${place}`} />
          <p>Shows the packets on an interface, one line each.</p>
        </li>
        <li>
          <CommandLine command={`lab shell ${place}`} />
          <p>Opens a terminal there.</p>
        </li>
        <li>
          <CommandLine command="lab book" />
          <p>Opens this book from your machine: with terminals, checks and captures in it.</p>
        </li>
      </ol>
    </div>
  );
}
