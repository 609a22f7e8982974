/** What a lab's page shows beside its text. */
export const LAB_TABS = ['text', 'map', 'matrix', 'editor', 'packets'] as const;

export type LabTab = (typeof LAB_TABS)[number];

/** What the page of a person's own network shows. */
export const OWN_TABS = [
  'files',
  'map',
  'matrix',
  'editor',
  'findings',
  'changes',
  'policies',
] as const;

export type OwnTab = (typeof OWN_TABS)[number];

/** Where a page is: everything that a link must hold so that another person sees the same. */
export type BookRoute =
  | { readonly view: 'curriculum'; readonly search?: string }
  | {
      readonly view: 'lab';
      readonly lab: string;
      readonly tab: LabTab;
      /** @default the lab's start */
      readonly stage?: string;
      /** The stage that is compared with. */
      readonly against?: string;
      readonly flow?: RouteFlow;
      /** Number of the hop that is looked at, from 1. */
      readonly hop?: number;
    }
  | {
      readonly view: 'own';
      readonly tab: OwnTab;
      readonly flow?: RouteFlow;
      /** Files that the link holds, packed. */
      readonly files?: string;
    };

/** A flow in the address: ends as they are typed. */
export interface RouteFlow {
  readonly from: string;
  readonly to: string;
}

const isTab = (word: string | undefined): word is LabTab => LAB_TABS.some((tab) => tab === word);
const isOwnTab = (word: string | undefined): word is OwnTab => OWN_TABS.some((tab) => tab === word);

/** Reads the address after `#`; what it does not know leads to the curriculum. */
export function parseRoute(hash: string): BookRoute {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  const [view, second, third] = path.split('/').map(decode);
  const words = new URLSearchParams(query);
  const flow = flowIn(words);
  if (view === 'lab' && second !== undefined && second !== '') {
    const hop = Number(words.get('hop'));
    return {
      view,
      lab: second,
      tab: isTab(third) ? third : 'text',
      ...wordIn(words, 'stage'),
      ...wordIn(words, 'against'),
      ...(flow && { flow }),
      ...(Number.isInteger(hop) && hop > 0 && { hop }),
    };
  }
  if (view === 'own')
    return {
      view,
      tab: isOwnTab(second) ? second : 'files',
      ...(flow && { flow }),
      ...wordIn(words, 'files'),
    };
  return { view: 'curriculum', ...wordIn(words, 'search') };
}

/** The address of a route: the inverse of `parseRoute`. */
export function formatRoute(route: BookRoute): string {
  const words = new URLSearchParams();
  const add = (name: string, value: string | number | undefined): void => {
    if (value !== undefined && value !== '') words.set(name, `${value}`);
  };
  if (route.view === 'curriculum') add('search', route.search);
  else {
    if (route.view === 'lab') {
      add('stage', route.stage);
      add('against', route.against);
    }
    if (route.flow !== undefined) add('flow', `${route.flow.from} > ${route.flow.to}`);
    if (route.view === 'lab') add('hop', route.hop);
    else add('files', route.files);
  }
  const query = words.size === 0 ? '' : `?${words}`;
  return `#/${pathOf(route)}${query}`;
}

function pathOf(route: BookRoute): string {
  switch (route.view) {
    case 'curriculum':
      return '';
    case 'lab':
      return `lab/${encodeURIComponent(route.lab)}/${route.tab}`;
    case 'own':
      return `own/${route.tab}`;
  }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function flowIn(words: URLSearchParams): RouteFlow | undefined {
  const [from, to, ...more] = (words.get('flow') ?? '').split(' > ');
  return from === undefined || from === '' || to === undefined || more.length > 0
    ? undefined
    : { from, to };
}

function wordIn<N extends string>(words: URLSearchParams, name: N): { readonly [K in N]?: string } {
  const word = words.get(name);
  return (word === null || word === '' ? {} : { [name]: word }) as { readonly [K in N]?: string };
}
