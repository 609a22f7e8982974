import type { EngineMessage, EngineQuestions, EngineReply, QuestionName } from './engine/types';
import { loadScript } from './scripts';

/** What waits for an answer of the worker. */
interface WaitingAnswer {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

const waiting = new Map<number, WaitingAnswer>();
let last = 0;
let worker: Promise<Worker> | undefined;

/** Starts the worker, so that the first question does not wait for it. */
export const warmEngine = (): Promise<Worker> => {
  worker ??= startWorker().then((started) => {
    started.onmessage = (event: MessageEvent<EngineReply>) => receive(event.data);
    return started;
  });
  return worker;
};

/** Asks the engine in the worker. */
export async function askEngine<Q extends QuestionName>(
  ask: Q,
  input: Parameters<EngineQuestions[Q]>[0],
): Promise<ReturnType<EngineQuestions[Q]>> {
  const started = await warmEngine();
  last += 1;
  const message: EngineMessage<Q> = { id: last, ask, input };
  return new Promise((resolve, reject) => {
    waiting.set(message.id, { resolve: (value) => resolve(value as never), reject });
    started.postMessage(message);
  });
}

function receive(reply: EngineReply): void {
  const one = waiting.get(reply.id);
  waiting.delete(reply.id);
  if ('error' in reply) one?.reject(new Error(reply.error));
  else one?.resolve(reply.value);
}

/** A page from a folder may not start a worker from a file: there its text becomes the worker. */
async function startWorker(): Promise<Worker> {
  if (location.protocol !== 'file:') return new Worker('engine.js');
  const scripts = ['engine.js', 'recommend.js'];
  await Promise.all(scripts.map(loadScript));
  const { labBookScripts = {} } = globalThis as { labBookScripts?: Record<string, () => void> };
  const texts = scripts.map((name) => {
    if (labBookScripts[name] === undefined) throw new Error(`${name} does not hold its script`);
    return `(${labBookScripts[name]})();\n`;
  });
  const blob = new Blob(texts, { type: 'text/javascript' });
  return new Worker(URL.createObjectURL(blob));
}
