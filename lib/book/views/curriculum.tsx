import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { announcement, go, progress } from '../book';
import type { LabCard } from '../book-data';
import { catalogue, loadSearch, searchWords } from '../data';
import { Icon } from '../parts/icon';
import { formatRoute } from '../route';
import { useKeys } from './keyboard';
import { LabLines } from './lab-lines';

/** How far a learner is with a lab; `blocked`: a lab that comes before it is not done. */
type CardState = 'done' | 'begun' | 'ready' | 'blocked';

const STATES: Readonly<Record<CardState, string>> = {
  done: 'done',
  begun: 'begun',
  ready: 'ready to begin',
  blocked: 'something comes first',
};

/** The labs by level; what the lab in focus needs and opens is drawn. */
export function Curriculum({ search }: { readonly search: string }) {
  const { labs } = catalogue();
  const columns = useMemo(() => columnsOf(labs), [labs]);
  const next = nextLab(labs);
  const [shown, setShown] = useState<string | undefined>(next?.id);
  const board = useRef<HTMLDivElement>(null);
  const done = labs.filter((lab) => stateOf(lab) === 'done').length;
  const begun = labs.filter((lab) => stateOf(lab) === 'begun').length;
  const isSearching = search !== '';
  useEffect(() => {
    if (!isSearching) return;
    loadSearch().catch(({ message }: Error) => {
      announcement.value = message;
    });
  }, [isSearching]);
  useKeys(arrowKeys(board));
  return (
    <div class="curriculum">
      <div class="curriculum-head">
        <div>
          <h1>Curriculum</h1>
          <p class="lead">
            {done} of {labs.length} labs done, {begun} begun.
          </p>
        </div>
        <ul class="legend" aria-label="Legend">
          {(Object.keys(STATES) as CardState[]).map((state) => (
            <li key={state}>
              <Icon name={state} /> {STATES[state]}
            </li>
          ))}
        </ul>
        {next !== undefined && (
          <a class="primary" href={formatRoute({ view: 'lab', lab: next.id, tab: 'text' })}>
            {stateOf(next) === 'begun' ? 'Continue with' : 'Begin with'} {shortId(next.id)}
          </a>
        )}
      </div>
      <div class="board" ref={board}>
        <LabLines board={board} shown={shown} labs={labs} />
        {columns.map(({ name, labs: own }) => (
          <section key={name} aria-label={name} class="level">
            <h2>
              {name}{' '}
              <span class="count">
                {own.filter((lab) => stateOf(lab) === 'done').length} of {own.length}
              </span>
            </h2>
            {own.map((lab) => (
              <Card key={lab.id} lab={lab} search={search} onShow={setShown} shown={shown} />
            ))}
          </section>
        ))}
      </div>
    </div>
  );
}

interface CardProps {
  readonly lab: LabCard;
  readonly search: string;
  readonly shown: string | undefined;
  readonly onShow: (id: string) => void;
}

function Card({ lab, search, shown, onShow }: CardProps) {
  const state = stateOf(lab);
  const dim = search !== '' && !isFound(lab, search) ? ' dim' : '';
  return (
    <a
      class={`card card-${state}${dim}${lab.id === shown ? ' shown' : ''}`}
      href={formatRoute({ view: 'lab', lab: lab.id, tab: 'text' })}
      data-lab={lab.id}
      title={lab.goal}
      onMouseEnter={() => onShow(lab.id)}
      onFocus={() => onShow(lab.id)}
    >
      <span class="card-title">{lab.title}</span>
      <span class="card-foot">
        <span>{footOf(lab, state)}</span>
        <Icon name={state} />
        <span class="unseen">{STATES[state]}</span>
      </span>
    </a>
  );
}

const shortId = (id: string): string => /^[a-z0-9]+(?:-\d+)?/.exec(id)?.[0] ?? id;

/** Where one is in a lab, or how long it is and where it runs besides this machine. */
function footOf(lab: LabCard, state: CardState): string {
  const done = progress.value[lab.id]?.done.length ?? 0;
  const size = state === 'begun' ? `step ${done + 1} of ${lab.steps}` : `${lab.minutes} min`;
  const away = lab.targets.includes('local') ? [] : [lab.targets.map(targetName).join(', ')];
  return [shortId(lab.id), size, ...away].join(' · ');
}

const targetName = (target: string): string => (target === 'eks' ? 'EKS' : target);

function stateOf(lab: LabCard): CardState {
  const own = progress.value[lab.id];
  if (isDone(lab.id)) return 'done';
  if (own !== undefined && (own.done.length > 0 || own.stage !== undefined)) return 'begun';
  const ready = lab.prerequisites.every((id) => isDone(id));
  return ready ? 'ready' : 'blocked';
}

function isDone(id: string): boolean {
  const lab = catalogue().labs.find((one) => one.id === id);
  const own = progress.value[id];
  return lab !== undefined && own !== undefined && own.done.length >= lab.steps;
}

/** The lab to go on with: one that was begun, or the first that is ready. */
const nextLab = (labs: readonly LabCard[]): LabCard | undefined =>
  labs.find((lab) => stateOf(lab) === 'begun') ?? labs.find((lab) => stateOf(lab) === 'ready');

/** A search finds what all of its words stand in. */
function isFound({ id, title, goal }: LabCard, search: string): boolean {
  const text = [id, title, goal, searchWords.value[id] ?? ''].join(' ').toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** More labs than that are two columns of one level. */
const HIGHEST = 8;

interface LevelColumn {
  readonly name: string;
  readonly labs: readonly LabCard[];
}

function columnsOf(labs: readonly LabCard[]): readonly LevelColumn[] {
  const { levels } = catalogue();
  return Object.entries(levels).flatMap(([level, about]) => {
    const own = labs.filter((lab) => lab.level === Number(level));
    const [name = about] = about.split(/ networking|, /);
    if (own.length <= HIGHEST) return [{ name, labs: own }];
    const half = Math.ceil(own.length / 2);
    return [
      { name, labs: own.slice(0, half) },
      { name: 'Beyond', labs: own.slice(half) },
    ];
  });
}

/** Arrows move from card to card, as they stand on the page. */
function arrowKeys(board: { readonly current: HTMLDivElement | null }) {
  const move = (dx: number, dy: number) => () => {
    const cards = [...(board.current?.querySelectorAll<HTMLElement>('.card') ?? [])];
    const active = cards.find((card) => card === document.activeElement);
    if (active === undefined) {
      cards[0]?.focus();
      return;
    }
    const at = active.getBoundingClientRect();
    const distance = (card: HTMLElement): number => {
      const { left, top } = card.getBoundingClientRect();
      const [x, y] = [left - at.left, top - at.top];
      const along = x * dx + y * dy;
      const across = Math.abs(x * dy) + Math.abs(y * dx);
      return along <= 4 ? Number.POSITIVE_INFINITY : along + 3 * across;
    };
    const [nearest] = cards
      .filter((card) => Number.isFinite(distance(card)))
      .toSorted((a, b) => distance(a) - distance(b));
    nearest?.focus();
  };
  return {
    ArrowLeft: move(-1, 0),
    ArrowRight: move(1, 0),
    ArrowUp: move(0, -1),
    ArrowDown: move(0, 1),
    Escape: () => go({ view: 'curriculum' }, 'replace'),
  };
}
