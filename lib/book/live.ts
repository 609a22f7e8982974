import { signal } from '@preact/signals';
import type { StreamRoutes, ValueRoutes } from '../serve/api/routes';
import type { BookState, ErrorBody, LabUp, StreamLine } from '../serve/api/shapes';
import { progress } from './book';

/** Is this the live book? The server says so in the page; the published one makes no request. */
export const isLive: boolean =
  document.querySelector('meta[name="lab-book"]')?.getAttribute('content') === 'live';

/** What this machine shows: labs that are up, progress, actions under way. */
export const machine = signal<BookState | undefined>(undefined);

/** The server has ended, or cannot be reached. */
export const isLost = signal(false);

/** Why an action did not go. */
export class LiveError extends Error {
  constructor(
    readonly problem: string,
    readonly fix: string,
    /** As `lab` names it in its JSON; absent for a problem in a file. */
    readonly code?: string,
  ) {
    super(problem);
  }
}

/** Follows the state of this machine. */
export function listenToMachine(): void {
  if (!isLive) return;
  const events = new EventSource('api/events');
  events.addEventListener('state', (event) => {
    const state = JSON.parse((event as MessageEvent<string>).data) as BookState;
    machine.value = state;
    progress.value = state.progress;
    isLost.value = false;
  });
  events.addEventListener('error', () => {
    isLost.value = true;
  });
}

/** The lab of this id that is up here. */
export const upLab = (id: string): LabUp | undefined =>
  machine.value?.up.find(({ lab }) => lab === id);

export const busyWith = (id: string): string | undefined => machine.value?.busy[id];

type LabRouteName<R> = {
  [K in keyof R]: K extends `${string} api/labs/:lab/${infer A}` ? A : never;
}[keyof R];

type ValueOf<A extends string> = `POST api/labs/:lab/${A}` extends keyof ValueRoutes
  ? ValueRoutes[`POST api/labs/:lab/${A}`]
  : never;
type StreamOf<A extends string> = `POST api/labs/:lab/${A}` extends keyof StreamRoutes
  ? StreamRoutes[`POST api/labs/:lab/${A}`]
  : never;

/** Asks an action of a lab that answers one value. */
export async function ask<A extends LabRouteName<ValueRoutes>>(
  lab: string,
  action: A,
  body: ValueOf<A>['ask'],
): Promise<ValueOf<A>['answer']> {
  const response = await post(`api/labs/${encodeURIComponent(lab)}/${action}`, body);
  return (await response.json()) as ValueOf<A>['answer'];
}

/** Reads what this machine has of a lab; changes nothing. */
export async function look<A extends 'places' | 'kernel' | 'objects'>(
  lab: string,
  what: A,
  query: Readonly<Record<string, string>> = {},
): Promise<ValueRoutes[`GET api/labs/:lab/${A}`]['answer']> {
  const words = new URLSearchParams(query);
  const response = await fetch(`api/labs/${encodeURIComponent(lab)}/${what}?${words}`);
  await refuse(response);
  return (await response.json()) as ValueRoutes[`GET api/labs/:lab/${A}`]['answer'];
}

/** Keeps a file in the folder in which the server was started. */
export async function keepFile(
  body: ValueRoutes['POST api/keep']['ask'],
): Promise<ValueRoutes['POST api/keep']['answer']> {
  const response = await post('api/keep', body);
  return (await response.json()) as ValueRoutes['POST api/keep']['answer'];
}

/** What happens while an action lasts. */
export interface StreamEvents<I> {
  readonly progress?: (text: string) => void;
  readonly item?: (item: I) => void;
  readonly signal?: AbortSignal;
}

/** Carries out an action of a lab that lasts, and answers its value. */
export async function act<A extends LabRouteName<StreamRoutes>>(
  lab: string,
  action: A,
  body: StreamOf<A>['ask'],
  events: StreamEvents<StreamOf<A>['item']> = {},
): Promise<StreamOf<A>['done']> {
  const path = `api/labs/${encodeURIComponent(lab)}/${action}`;
  const response = await post(path, body, events.signal);
  for await (const line of linesOf(response)) {
    const one = JSON.parse(line) as StreamLine<StreamOf<A>['done'], StreamOf<A>['item']>;
    switch (one.kind) {
      case 'progress':
        events.progress?.(one.text);
        break;
      case 'item':
        events.item?.(one.item);
        break;
      case 'failed':
        throw failureOf(one.failure);
      case 'done':
        return one.value;
    }
  }
  throw new LiveError('the server ended before it answered', 'start it again: lab book');
}

async function post(path: string, body: unknown, signal?: AbortSignal): Promise<Response> {
  const response = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    ...(signal && { signal }),
  }).catch(() => {
    throw new LiveError('the server does not answer', 'start it again: lab book');
  });
  await refuse(response);
  return response;
}

async function refuse(response: Response): Promise<void> {
  if (response.ok) return;
  const text = await response.text();
  throw failureOf(bodyOf(text) ?? unnamed(response.status));
}

function bodyOf(text: string): ErrorBody | undefined {
  try {
    return JSON.parse(text) as ErrorBody;
  } catch {
    return undefined;
  }
}

const unnamed = (status: number): ErrorBody => ({
  error: {
    code: 'refused',
    problem: `the server answered with status ${status}`,
    fix: 'open the address that lab book printed again',
  },
});

function failureOf(body: ErrorBody): LiveError {
  if ('error' in body) return new LiveError(body.error.problem, body.error.fix, body.error.code);
  const [first] = body.problems;
  const more = body.problems.length > 1 ? ` (and ${body.problems.length - 1} more)` : '';
  return new LiveError(`${first?.path ?? ''}: ${first?.problem ?? ''}${more}`, first?.fix ?? '');
}

async function* linesOf(response: Response): AsyncGenerator<string> {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (
    let read = await reader?.read();
    read !== undefined && !read.done;
    read = await reader?.read()
  ) {
    const lines = `${rest}${read.value}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line !== '') yield line;
  }
  if (rest !== '') yield rest;
}
