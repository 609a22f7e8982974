import type { Lab } from '../lib/lab/format';
import k8s5NetworkPolicy from './k8s-5-network-policy/lab';

/** Every lab, in the order of the curriculum. */
export const labs: readonly Lab<string>[] = [k8s5NetworkPolicy];
