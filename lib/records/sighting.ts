import type { FlowRecord } from './record';

/** What one line says of a connection; other lines may say more of the same one. */
export interface Sighting extends FlowRecord {
  /** Equal for all lines about one connection. */
  readonly connection: string;
}

/** What is wrong with a line, and what to do. */
export interface Trouble {
  readonly problem: string;
  readonly fix: string;
}

/** The lines of a file, and where to say what is wrong with one of them (from 0). */
export interface Lines {
  readonly all: readonly string[];
  /** The line is broken: the file is refused. */
  readonly complain: (line: number, trouble: Trouble) => void;
  /** The line is sound and no policy can be made of it: said once for all its like. */
  readonly leaveOut: (line: number, trouble: Trouble) => void;
}

/** ICMP and its like are no connections to a port: NetworkPolicy cannot name them. */
export const NO_PORTS: Trouble = {
  problem: 'records of ICMP and other protocols without ports are left out',
  fix: 'nothing to do: NetworkPolicy rules name TCP, UDP and SCTP only',
};
