import type { ServerResponse } from 'node:http';
import { Failure } from '../model/problem';
import type { BookState } from './api/shapes';

/** Pages that follow the state of the book. */
export interface BookEvents {
  /** Sends the state at once and after each change, until the page is gone. */
  follow(response: ServerResponse): void;
  /** Something changed: pages are sent the new state. */
  changed(): void;
  end(): void;
}

/** `lab` in another terminal changes the state too: it is read again after so many milliseconds. */
const EVERY_MS = 2000;
/** Most pages that may follow. */
const MOST = 64;

/** @param read reads the state */
export function createEvents(read: () => Promise<BookState>): BookEvents {
  const pages = new Set<ServerResponse>();
  let sent = '';
  let isReading = false;
  let isStale = false;
  let timer: NodeJS.Timeout | undefined;

  const readOnce = async (): Promise<void> => {
    do {
      isStale = false;
      // A state that cannot be read is an error of GET api/state; the next change is tried again.
      const state = await read().catch(() => undefined);
      const text = state === undefined ? sent : JSON.stringify(state);
      if (text !== sent) {
        sent = text;
        for (const page of pages) page.write(eventOf(text));
      }
    } while (isStale);
  };
  const changed = (): void => {
    isStale = true;
    if (isReading) return;
    isReading = true;
    void readOnce().finally(() => {
      isReading = false;
    });
  };
  return {
    follow(response) {
      if (pages.size >= MOST)
        throw new Failure('too-many', `${MOST} pages are open`, 'close some of them');
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      response.write(sent === '' ? ': the state follows\n\n' : eventOf(sent));
      pages.add(response);
      timer ??= setInterval(changed, EVERY_MS);
      response.on('close', () => {
        pages.delete(response);
        if (pages.size > 0) return;
        clearInterval(timer);
        timer = undefined;
      });
      changed();
    },
    changed,
    end() {
      clearInterval(timer);
      for (const page of pages) page.end();
    },
  };
}

const eventOf = (text: string): string => `event: state\ndata: ${text}\n\n`;
