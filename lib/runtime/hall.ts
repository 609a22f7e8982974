import type { Socket } from 'node:net';
import { createContainers } from './containers';
import { createDnsServers } from './dns-server';
import { createResolvers } from './exec';
import { createExecutor } from './execute';
import { handlersOf } from './handlers';
import { createHttpServers } from './http-servers';
import { createListeners } from './listeners';
import { createNamespaces } from './namespaces';
import { createProber } from './prober';
import type { Entrance, Request } from './protocol';
import { createServing } from './serving';
import { createStay } from './stay';

/** Everything a holder can do, and when it ends. */
export interface Hall {
  perform(request: Request, onNote: (note: unknown) => void): Promise<unknown>;
  /** The first client is gone: the end, unless the sandbox was told to stay. */
  clientGone(): void;
  /** Called for every client that attaches once the sandbox stays. */
  onAttach(take: (connection: Socket) => void): void;
}

/** Opens an empty sandbox in this process. */
export function createHall(process: {
  readonly pid: number;
  readonly mode: Entrance['mode'];
  readonly mounts: 'mounted' | 'forbidden';
  readonly exit: () => never;
}): Hall {
  const namespaces = createNamespaces();
  const resolvers = createResolvers(process.mounts);
  const serving = createServing();
  const executor = createExecutor({
    namespaces,
    resolvers,
    serving,
    listeners: createListeners(namespaces, serving),
    dnsServers: createDnsServers(namespaces, serving),
    httpServers: createHttpServers(namespaces, process.mounts),
  });
  const stay = createStay(process.exit);
  const handlers = handlersOf({
    ...process,
    namespaces,
    resolvers,
    executor,
    stay,
    containers: createContainers({ namespaces, executor }),
    prober: createProber(namespaces),
    inTurn: createTurns(),
  });
  return {
    perform: async ({ op, ask }, onNote) => {
      const handle = handlers[op] as (ask: unknown, onNote: (note: unknown) => void) => unknown;
      return handle(ask, onNote);
    },
    clientGone: stay.clientGone,
    onAttach: stay.onAttach,
  };
}

/** Plans and probes of several clients, one after the other: none sees another's half-done work. */
function createTurns(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work, work);
    last = mine.catch(() => undefined);
    return mine;
  };
}
