import { useEffect, useRef } from 'preact/hooks';
import { announcement, chooseTheme, go, progress, route, theme } from '../book';
import { catalogue } from '../data';
import { isLive, isLost, machine } from '../live';
import { KeyCap } from '../parts/controls';
import { Icon } from '../parts/icon';
import { formatRoute } from '../route';
import { Curriculum } from './curriculum';
import { KeysDialog } from './keys-dialog';
import { LabView } from './lab';
import { useMedia } from './media';
import { OwnView } from './own';

/** The whole page: bars, the view of the address, and what screen readers hear. */
export function Shell() {
  const chosen = theme.value;
  useEffect(() => {
    if (chosen === undefined) document.documentElement.removeAttribute('data-theme');
    else document.documentElement.dataset.theme = chosen;
  }, [chosen]);
  return (
    <div class="shell">
      <button type="button" class="skip" onClick={skip}>
        Skip to content
      </button>
      <TopBar />
      <main id="main" tabIndex={-1}>
        <CurrentView />
      </main>
      <div class="unseen" role="status">
        {announcement.value}
      </div>
      <KeysDialog />
    </div>
  );
}

function skip(): void {
  document.getElementById('main')?.focus();
}

function CurrentView() {
  const here = route.value;
  useTitle(titleOf());
  switch (here.view) {
    case 'curriculum':
      return <Curriculum search={here.search ?? ''} />;
    case 'lab':
      return <LabView key={here.lab} place={here} />;
    case 'own':
      return <OwnView place={here} />;
  }
}

function titleOf(): string {
  const here = route.value;
  if (here.view === 'own') return 'Your network';
  if (here.view === 'curriculum') return 'Curriculum';
  return catalogue().labs.find(({ id }) => id === here.lab)?.title ?? here.lab;
}

function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Network Labs`;
  }, [title]);
}

function TopBar() {
  const here = route.value;
  const lab = here.view === 'lab' ? here.lab : lastLab();
  return (
    <header class="top-bar">
      <a class="brand" href="#/">
        <Icon name="brand" />
        <span>Network Labs</span>
      </a>
      <nav class="main-nav" aria-label="Book">
        <NavLink href="#/" chosen={here.view === 'curriculum'} label="Curriculum" />
        {lab !== undefined && (
          <NavLink
            href={formatRoute({ view: 'lab', lab, tab: 'text' })}
            chosen={here.view === 'lab'}
            label="Lab"
          />
        )}
        <NavLink href="#/own/files" chosen={here.view === 'own'} label="Your network" />
      </nav>
      <Search />
      {isLive && <UpState />}
      <ThemeButton />
    </header>
  );
}

const NavLink = ({
  href,
  chosen,
  label,
}: {
  readonly href: string;
  readonly chosen: boolean;
  readonly label: string;
}) => (
  <a href={href} class={chosen ? 'chosen' : ''} aria-current={chosen ? 'page' : undefined}>
    {label}
  </a>
);

/** The lab that was begun last, or else the first of the curriculum. */
function lastLab(): string | undefined {
  const begun = Object.keys(progress.value).at(-1);
  return begun ?? catalogue().labs[0]?.id;
}

function Search() {
  const field = useRef<HTMLInputElement>(null);
  const here = route.value;
  const search = here.view === 'curriculum' ? (here.search ?? '') : '';
  const find = (event: Event) => {
    const { value } = event.currentTarget as HTMLInputElement;
    go(
      { view: 'curriculum', ...(value !== '' && { search: value }) },
      here.view === 'curriculum' ? 'replace' : 'push',
    );
  };
  return (
    <search class="search">
      <Icon name="search" />
      <input
        ref={field}
        id="search"
        type="search"
        placeholder="Search labs and questions"
        aria-label="Search labs and questions"
        value={search}
        onInput={find}
        onKeyDown={(event) => {
          if (event.key === 'Enter') firstFound()?.focus();
        }}
      />
      <KeyCap>/</KeyCap>
    </search>
  );
}

/** The first lab that a search has found. */
const firstFound = (): HTMLElement | null => document.querySelector<HTMLElement>('.card:not(.dim)');

function ThemeButton() {
  const systemIsDark = useMedia('(prefers-color-scheme: dark)');
  const isDark = theme.value === undefined ? systemIsDark : theme.value === 'dark';
  return (
    <button
      type="button"
      class="quiet theme-button"
      onClick={() => chooseTheme(isDark ? 'light' : 'dark')}
    >
      {isDark ? 'Light' : 'Dark'}
      <span class="unseen"> theme</span>
    </button>
  );
}

/** What is up on this machine, and for how long. */
function UpState() {
  if (isLost.value) return <p class="up-state">The server has ended</p>;
  const [first, ...more] = machine.value?.up ?? [];
  if (first === undefined) {
    return (
      <p class="up-state">
        <Icon name="down" /> no lab is up
      </p>
    );
  }
  const others = more.length === 0 ? '' : ` and ${more.length} more`;
  return (
    <p class="up-state">
      <Icon name="up" />
      <a href={formatRoute({ view: 'lab', lab: first.lab, tab: 'text' })}>{first.lab}</a> is up
      {others} · {timeLeft(first.expiresAt)}
    </p>
  );
}

function timeLeft(until: string): string {
  const minutes = Math.max(0, Math.floor((Date.parse(until) - Date.now()) / 60_000));
  const hours = Math.floor(minutes / 60);
  return hours === 0 ? `${minutes} min left` : `${hours} h ${minutes % 60} min left`;
}
