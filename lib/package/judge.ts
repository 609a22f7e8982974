/** Reads manifests and templates into a world, predicts its flows and explains them. */
export { lint } from '../lint/lint';
export type { Explanation } from '../model/explanation';
export type { Finding } from '../model/finding';
export type { Flow } from '../model/flow';
export type { Problem, Reading, SourceFile } from '../model/problem';
export type { World } from '../model/world';
export { createEngine, type Engine } from '../reach/engine';
export { readFlows } from '../read/flows/flows';
export { readWorld } from '../read/world';
