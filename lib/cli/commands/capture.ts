import { createWriteStream } from 'node:fs';
import type { Command } from 'commander';
import type { Captured } from '../../runtime/probes/captured';
import { parseFilter } from '../../runtime/probes/packet-filter';
import { packetLine } from '../../runtime/probes/packet-text';
import { pcapHeader, pcapRecord } from '../../runtime/probes/pcap';
import { withPlace } from '../../session/local/place';
import { EXIT, type ExitCode } from '../common/exit';
import { count, jsonOption, labOption } from '../common/options';
import type { Terminal } from '../common/terminal';

interface CaptureOptions {
  readonly lab?: string;
  readonly count: number;
  readonly seconds: number;
  readonly device?: string;
  readonly write?: string;
  readonly json?: true;
}

/** `lab capture <pod>`: packets on a pod's interface as they pass. */
export function register(
  program: Command,
  terminal: Terminal,
  ended: (code: ExitCode) => void,
): void {
  const command = program.command('capture <pod> [filter...]');
  jsonOption(labOption(command), 'one JSON object a packet')
    .description('packets of a pod or node as they pass; filter such as: tcp port 80 host 10.0.0.5')
    .option('--count <n>', 'ends after this many packets', count('--count'), 100)
    .option('--seconds <n>', 'ends after this many seconds', count('--seconds'), 30)
    .option('--device <name>', 'one device only')
    .option('--write <file>', 'a pcap file for tcpdump -r or Wireshark instead of text')
    .action(async (pod: string, filter: readonly string[], options: CaptureOptions) =>
      ended(await capture(terminal, { pod, filter: filter.join(' ') }, options)),
    );
}

interface CaptureQuestion {
  readonly pod: string;
  readonly filter: string;
}

const capture = (
  terminal: Terminal,
  { pod, filter }: CaptureQuestion,
  options: CaptureOptions,
): Promise<ExitCode> =>
  withPlace({ name: pod, lab: options.lab }, async ({ sandbox, netns }) => {
    const { device, write, json } = options;
    const wish = {
      netns,
      count: options.count,
      seconds: options.seconds,
      filter: parseFilter(filter),
      ...(device === undefined ? {} : { device }),
    };
    terminal.err(`capturing in ${pod}: ${wish.count} packets or ${wish.seconds} s`);
    const file = write === undefined ? undefined : createWriteStream(write);
    file?.write(pcapHeader());
    const show = (packet: Captured): void => {
      if (file !== undefined) file.write(pcapRecord(packet));
      else terminal.out(json ? JSON.stringify(packet) : packetLine(packet));
    };
    const seen = await sandbox.capture(wish, show);
    file?.end();
    terminal.err(`${seen} packets${write === undefined ? '' : ` in ${write}`}`);
    return EXIT.right;
  });
