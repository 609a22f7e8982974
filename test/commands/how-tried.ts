import type { TextLine } from './texts';

/**
 * How a command of a text is tried:
 * - `lab`: typed at the command line of a running lab;
 * - `shell`: beside the lab, on what its commands wrote;
 * - `machine`: in a machine, node or namespace of a running lab;
 * - `solution`: as the solution it is part of, by the acceptance run and here;
 * - `aws`: by AWS' own command line, against an emulated account;
 * - `synth`: by `npm run verify` itself;
 * - `cluster`: it speaks to an API server (`npm run test:cluster`), or to a program that only a
 *   cluster's node or another machine has.
 */
export type Way = 'lab' | 'shell' | 'machine' | 'solution' | 'aws' | 'synth' | 'cluster';

/** Programs that need a cluster, its node, or a container engine. */
const ELSEWHERE = ['calicoctl', 'crictl', 'docker', 'istioctl', 'kind', 'kubectl', 'suricata'];

/** Programs that are found in few places: where they are missing, nothing is tried. */
const HEAVY = ['iperf3', 'tshark'];

/** How a line is tried in a lab that runs on this machine, or in one that does not. */
export function wayOf({ line, part }: TextLine, runs: 'here' | 'elsewhere'): Way {
  const [program = ''] = line.replace(/^(! )?([A-Z_]+=\S* )*/, '').split(' ');
  if (program === 'npx' || program === 'npm') return 'synth';
  if (program === 'aws') return 'aws';
  if ([...ELSEWHERE, ...HEAVY].includes(program) || runs === 'elsewhere') return 'cluster';
  if (program === 'lab') return 'lab';
  if (['grep', 'tcpdump'].includes(program)) return 'shell';
  return part === 'tasks' ? 'solution' : 'machine';
}
