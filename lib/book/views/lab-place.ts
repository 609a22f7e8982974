import type { Lab } from '../../lab/format';
import { go, route } from '../book';
import type { LabData } from '../book-data';
import type { BookRoute } from '../route';

/** The address of a lab's page. */
export type LabRoute = Extract<BookRoute, { readonly view: 'lab' }>;

/** A lab's page, its data already there. */
export interface LabViewProps {
  readonly data: LabData;
  readonly lab: Lab<string>;
  readonly place: LabRoute;
  /** The stage that is shown; empty in a Linux lab. */
  readonly stage: string;
}

/** Shows another hop of the chosen flow. */
export function chooseHop(hop: number): void {
  const here = route.value;
  if (here.view === 'lab') go({ ...here, hop }, 'replace');
}

/** Shows another flow of the same lab, or none. */
export function chooseFlow(flow: LabRoute['flow']): void {
  const here = route.value;
  if (here.view !== 'lab') return;
  const { flow: _, hop: __, ...rest } = here;
  go(flow === undefined ? rest : { ...rest, flow });
}
