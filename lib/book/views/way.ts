import { useAsked } from '../asked';
import type { AskedFlow, Pictured } from '../engine/types';
import { askEngine } from '../engine-client';
import { useNarrow } from './media';

interface WayAsked {
  /** What the world is opened under; `open` answers it when it is. */
  readonly key: string;
  readonly open: () => Promise<string>;
  readonly flow: AskedFlow | undefined;
  readonly hop: number | undefined;
}

/** The chosen flow hop by hop, there and back; on a narrow screen the list of hops alone. */
export function useWay({ key, open, flow, hop }: WayAsked): Pictured | undefined {
  const narrow = useNarrow();
  const isAsked = flow !== undefined && !narrow;
  const question = isAsked ? ['way', key, flow.from, flow.to, hop].join(' ') : undefined;
  const { value } = useAsked(question, async () => {
    const { from = '', to = '' } = flow ?? {};
    return askEngine('way', {
      key: await open(),
      from,
      to,
      ...(hop !== undefined && { step: hop }),
    });
  });
  return isAsked && value?.kind === 'pictured' ? value : undefined;
}
