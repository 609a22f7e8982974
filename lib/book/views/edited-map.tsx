import { useAsked } from '../asked';
import type { Edited } from '../engine/types';
import { askEngine } from '../engine-client';
import { PictureFrame } from '../parts/picture';
import { useNarrow } from './media';

interface EditedMapProps {
  readonly edited: Edited;
  /** Key of the draft, and of the stage without it. */
  readonly draftKey: string;
  readonly against: string;
}

/** Numbers of drafts by what they came to: each is drawn once. */
const numbers = new WeakMap<Edited, number>();
let last = 0;

function numberOf(edited: Edited): number {
  const known = numbers.get(edited);
  if (known !== undefined) return known;
  last += 1;
  numbers.set(edited, last);
  return last;
}

/** The map of what a draft opens and closes; its boxes stand where the stage's do. */
export function EditedMap({ edited, draftKey, against }: EditedMapProps) {
  const narrow = useNarrow();
  const { value } = useAsked(`${numberOf(edited)} ${narrow}`, () =>
    askEngine('picture', {
      key: draftKey,
      before: against,
      topology: [against],
      compact: true,
      direction: narrow ? 'down' : 'right',
    }),
  );
  return value?.kind === 'pictured' ? (
    <div class="edited-map">
      <PictureFrame picture={value} live={false} />
    </div>
  ) : null;
}
