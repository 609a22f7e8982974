import { createAnswers } from './answer';
import { createPictures } from './picture';
import type { EngineMessage, EngineReply } from './types';
import { createWorlds } from './worlds';

/** What a worker's scope has that this one uses. */
interface WorkerScope {
  onmessage: ((event: { readonly data: EngineMessage }) => void) | null;
  postMessage(reply: EngineReply): void;
}

const scope = globalThis as unknown as WorkerScope;
const worlds = createWorlds();
const answers = createAnswers(worlds, createPictures(worlds));

scope.onmessage = ({ data: { id, ask, input } }) => {
  try {
    const value = (answers[ask] as (asked: typeof input) => unknown)(input);
    scope.postMessage({ id, value });
  } catch (error) {
    scope.postMessage({ id, error: error instanceof Error ? error.message : String(error) });
  }
};
