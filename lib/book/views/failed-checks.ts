import { signal } from '@preact/signals';
import type { CheckResult } from '../../lab/check-result';
import { upLab } from '../live';
import type { RouteFlow } from '../route';

/** A flow of a failed check, which the map of its lab and stage lights. */
interface LitFlow {
  readonly lab: string;
  readonly stage: string;
  readonly flow: RouteFlow;
}

const lit = signal<LitFlow | undefined>(undefined);

/** The flow that `lab explain` would explain of a failed check. */
export function flowOf(result: CheckResult): RouteFlow | undefined {
  if (result.kind !== 'wrong') return undefined;
  const [, from, to] = /^lab explain (\S+) (\S+)$/.exec(result.look) ?? [];
  return from === undefined || to === undefined ? undefined : { from, to };
}

/** Lights a flow of a lab on its map, at the stage that is up; none where the check has no flow. */
export function lightFlow(lab: string, flow: RouteFlow | undefined): void {
  const stage = upLab(lab)?.stage;
  lit.value = flow === undefined || stage === undefined ? undefined : { lab, stage, flow };
}

/** Lights the first failed check that has a flow. */
export const lightFirst = (lab: string, results: readonly CheckResult[]): void =>
  lightFlow(
    lab,
    results.map(flowOf).find((flow) => flow !== undefined),
  );

/** The flow that a map lights. */
export const litFlow = (lab: string, stage: string): RouteFlow | undefined =>
  lit.value?.lab === lab && lit.value.stage === stage && upLab(lab)?.stage === stage
    ? lit.value.flow
    : undefined;
