import { computed, signal } from '@preact/signals';
import { drawFault, shownStage } from '../lab/fault';
import type { Lab, Stage } from '../lab/format';
import { advanceLab, type LabEvent, type LabProgress, type Progress } from '../lab/progress';
import type { LabCard, LabData } from './book-data';
import { catalogue, loadLab } from './data';
import { type BookRoute, formatRoute, parseRoute } from './route';
import { keepProgress, keepTheme, keptProgress, keptTheme, type ThemeName } from './storage';

/** Where the page is. */
export const route = signal<BookRoute>(parseRoute(location.hash));

/** Light or dark as a person chose it; `undefined`: as the system has it. */
export const theme = signal<ThemeName | undefined>(keptTheme());

/** Progress of every lab: this browser's in the published book, `lab`'s own in the live one. */
export const progress = signal<Progress>(keptProgress());

/** What a screen reader should say now. */
export const announcement = signal('');

/** A lab's data, or why it could not be loaded; `undefined` while it is loading. */
const loaded = signal<Readonly<Record<string, LabData | Error>>>({});

/** Follows a link without one; `replace` leaves no step in the history. */
export function go(next: BookRoute, how: 'push' | 'replace' = 'push'): void {
  const address = formatRoute(next);
  if (how === 'replace') history.replaceState(null, '', address);
  else history.pushState(null, '', address);
  route.value = next;
}

export const listenToAddress = (): void => {
  const follow = () => {
    route.value = parseRoute(location.hash);
  };
  addEventListener('hashchange', follow);
  addEventListener('popstate', follow);
};

export function chooseTheme(next: ThemeName | undefined): void {
  theme.value = next;
  keepTheme(next);
}

/** The card of a lab by its id, or by its beginning: `k8s-5` is `k8s-5-network-policy`. */
export const cardOf = (id: string): LabCard | undefined =>
  catalogue().labs.find((lab) => lab.id === id || lab.id.startsWith(`${id}-`));

/** A lab's data; asking loads it. */
export function labData(id: string): LabData | Error | undefined {
  const known = loaded.value[id];
  if (known === undefined && !asked.has(id)) {
    asked.add(id);
    loadLab(id).then(
      (data) => keepLab(id, data),
      (error: unknown) => keepLab(id, error instanceof Error ? error : new Error(String(error))),
    );
  }
  return known;
}

const asked = new Set<string>();

function keepLab(id: string, data: LabData | Error): void {
  loaded.value = { ...loaded.value, [id]: data };
  if (data instanceof Error) asked.delete(id);
}

/** A lab as it is played here: where it draws a fault, the one that this learner drew. */
export const playedLab = ({ lab }: LabData): Lab<string> =>
  drawFault(lab, progress.value[lab.id]?.seed ?? 0);

/** Stages that a learner may look at: of faults only the one that was drawn. */
export const stagesOf = (lab: Lab<string>): readonly Stage[] =>
  lab.stages.filter(
    ({ name }) => name === lab.start || !lab.faults?.some(({ stage }) => stage === name),
  );

export const stageLabel = (lab: Lab<string>, stage: string): string => shownStage(lab, stage);

/** Keeps what happened to a lab, in this browser. */
export function recordEvent(lab: string, event: LabEvent): void {
  progress.value = advanceLab(progress.value, lab, event);
  keepProgress(progress.value);
}

export const progressOf = (lab: string): LabProgress | undefined => progress.value[lab];

/** The lab of the page, where it shows one. */
export const currentLab = computed(() =>
  route.value.view === 'lab' ? route.value.lab : undefined,
);
