/** Starts a program as it was compiled, or else from its sources; answers what it exports. */
export function start(name: 'lab' | 'lab-cni' | 'holder'): unknown;
/** Compiles the programs where a source changed; never fails, for there is a way without. */
export function compile(): Promise<void>;
