import { createAnswers } from './answer';
import { createPictures } from './picture';
import type { Recommender } from './recommender';
import type { EngineMessage, EngineReply } from './types';
import { createWorlds } from './worlds';

/** What a worker's scope has that this one uses. */
interface WorkerScope {
  onmessage: ((event: { readonly data: EngineMessage }) => void) | null;
  postMessage(reply: EngineReply): void;
  importScripts(path: string): void;
  labBookRecommender?: Recommender;
}

const scope = globalThis as unknown as WorkerScope;
const worlds = createWorlds();
const answers = createAnswers(worlds, createPictures(worlds), loadRecommender);

/** Loads the reader of flow records once. The worker of a page from a folder has it in its own text. */
function loadRecommender(): Recommender {
  if (scope.labBookRecommender === undefined) scope.importScripts('recommend.js');
  if (scope.labBookRecommender === undefined)
    throw new Error('recommend.js does not hold the recommender');
  return scope.labBookRecommender;
}

scope.onmessage = ({ data: { id, ask, input } }) => {
  try {
    const value = (answers[ask] as (asked: typeof input) => unknown)(input);
    scope.postMessage({ id, value });
  } catch (error) {
    scope.postMessage({ id, error: error instanceof Error ? error.message : String(error) });
  }
};
