/** A network device of a machine. */
export interface MachineDevice {
  readonly name: string;
  readonly type: 'veth' | 'bridge' | 'other';
  /** With their prefixes, as `ip addr add` takes them. */
  readonly addresses: readonly string[];
  /** The bridge that it is a port of. */
  readonly master?: string;
}

/** One end of a cable. */
export interface CablePlug {
  readonly machine: string;
  readonly device: string;
}

/** Machines of a Linux lab with their devices, and the cables between them. */
export interface MachineNetwork {
  readonly machines: readonly {
    readonly name: string;
    /** TCP ports that answer. */
    readonly listens: readonly number[];
    readonly devices: readonly MachineDevice[];
  }[];
  readonly cables: readonly { readonly a: CablePlug; readonly b: CablePlug }[];
}
