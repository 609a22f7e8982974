/**
 * An error as a container runtime understands it (CNI specification 1.1, section 5): 1 wrong
 * version, 4 wrong environment, 5 input or output, 6 cannot decode, 7 wrong configuration, 11 try
 * again later, 50 not available; from 100 on they are ours.
 */
export class CniError extends Error {
  constructor(
    readonly code: 1 | 4 | 5 | 6 | 7 | 11 | 50 | typeof NO_ADDRESS | typeof WIRING | typeof CHECK,
    readonly msg: string,
    readonly details: string,
  ) {
    super(`${msg}: ${details}`);
    this.name = 'CniError';
  }
}

/** Every address of the pools is taken. */
export const NO_ADDRESS = 101;
/** The kernel refused a cable, an address or a route. */
export const WIRING = 102;
/** A container is not as ADD left it. */
export const CHECK = 103;
