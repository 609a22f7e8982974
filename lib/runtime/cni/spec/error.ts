/**
 * An error as a container runtime reads it (CNI specification 1.1, section 5): 1 incompatible
 * version, 2 unsupported field, 4 invalid environment, 5 input or output failure, 6 configuration
 * that cannot be decoded, 7 invalid configuration, 8 the container's namespace is the plugin's own
 * (libcni's ErrInvalidNetNS), 11 try again later, 50 not available; from 100 on they are this plugin's.
 */
export class CniError extends Error {
  constructor(
    readonly code: CniErrorCode,
    readonly msg: string,
    readonly details: string,
  ) {
    super(`${msg}: ${details}`);
    this.name = 'CniError';
  }
}

/** Every address of the pools is taken, or the one that was requested is. */
export const NO_ADDRESS = 101;
/** The kernel refused a cable, an address or a route. */
export const WIRING = 102;
/** A container is not as ADD left it. */
export const CHECK = 103;
/** A failure that has no code of its own. */
export const UNEXPECTED = 104;

type CniErrorCode =
  | 1
  | 2
  | 4
  | 5
  | 6
  | 7
  | 8
  | 11
  | 50
  | typeof NO_ADDRESS
  | typeof WIRING
  | typeof CHECK
  | typeof UNEXPECTED;

/** An invalid network configuration (code 7); all problems in one error. */
export const invalidNetwork = (problems: readonly string[]): CniError =>
  new CniError(7, 'invalid network configuration', problems.join('; '));

/** A field that asks for something this plugin does not do (code 2: key and value are named). */
export const unsupportedField = (key: string, value: unknown, fix: string): CniError =>
  new CniError(2, 'unsupported field', `${key}: ${JSON.stringify(value)}: ${fix}`);
