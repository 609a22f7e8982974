import type { Explanation } from '../../model/explanation';
import type { Flow } from '../../model/flow';
import type { World } from '../../model/world';

/** Explains a flow as if every assumed value were known. */
export type ExplainAssumed = (flow: Flow) => Explanation;

/** Explains flows in another world, in which every value is known. */
export type ExplainerOf = (world: World) => (flow: Flow) => Explanation;

/** Why a verdict is not certain, where it hangs on a value that the input does not give. */
export type Doubt = (flow: Flow, base: Explanation) => string | undefined;
