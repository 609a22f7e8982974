import { createWriteStream } from 'node:fs';
import type { Command } from 'commander';
import { Failure } from '../model/problem';
import { parseFilter } from '../runtime/packet-filter';
import { packetLine } from '../runtime/packet-text';
import { pcapHeader, pcapRecord } from '../runtime/pcap';
import type { Captured } from '../runtime/protocol';
import { EXIT, type ExitCode } from './exit';
import { inPlace } from './place';
import type { Terminal } from './terminal';

interface CaptureOptions {
  readonly lab?: string;
  readonly count: string;
  readonly seconds: string;
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
  program
    .command('capture <pod> [filter...]')
    .description('packets of a pod or node as they pass; filter such as: tcp port 80 host 10.0.0.5')
    .option('--count <n>', 'ends after so many packets', '100')
    .option('--seconds <n>', 'ends after so long', '30')
    .option('--device <name>', 'one device only')
    .option('--write <file>', 'a pcap file for tcpdump -r or Wireshark instead of text')
    .option('--lab <id>', 'which running lab, where several are up')
    .option('--json', 'one JSON object a packet')
    .action(async (pod: string, filter: readonly string[], options: CaptureOptions) =>
      ended(await capture(terminal, { pod, filter: filter.join(' ') }, options)),
    );
}

interface Asked {
  readonly pod: string;
  readonly filter: string;
}

const capture = (
  terminal: Terminal,
  { pod, filter }: Asked,
  options: CaptureOptions,
): Promise<ExitCode> =>
  inPlace({ name: pod, lab: options.lab }, async ({ sandbox, netns }) => {
    const { device, write, json } = options;
    const wish = {
      netns,
      count: positive('--count', options.count),
      seconds: positive('--seconds', options.seconds),
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

function positive(option: string, text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new Failure('bad-number', `${option} ${text} is no positive number`, `${option} 100`);
}
