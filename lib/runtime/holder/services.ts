import type { Socket } from 'node:net';
import { createResolvers } from '../kernel/exec';
import { createNamespaces } from '../kernel/namespaces';
import { createProber } from '../probes/prober';
import { createContainers } from '../sandbox/containers';
import { createExecutor } from '../sandbox/execute';
import type { Entrance, HolderRequest } from '../sandbox/protocol';
import { createStay } from '../sandbox/stay';
import { createDnsServers } from '../servers/dns-server';
import { createHttpServers } from '../servers/http-servers';
import { createListeners } from '../servers/listeners';
import { createServing } from '../servers/serving';
import { handlersOf } from './handlers';

/** Everything a holder can do, and when it ends. */
export interface HolderServices {
  /** `gone` is aborted when the client that asked is gone: what only it wanted ends then. */
  perform(
    request: HolderRequest,
    onNote: (note: unknown) => void,
    gone: AbortSignal,
  ): Promise<unknown>;
  /** The first client is gone: the end, unless the sandbox was told to stay. */
  clientGone(): void;
  /** Called for every client that attaches once the sandbox stays. */
  onAttach(take: (connection: Socket) => void): void;
}

/** Opens an empty sandbox in this process. */
export function createHolderServices(process: {
  readonly pid: number;
  readonly mode: Entrance['mode'];
  readonly mounts: 'mounted' | 'forbidden';
  readonly exit: () => never;
}): HolderServices {
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
    perform: async ({ op, ask }, onNote, gone) => {
      const handle = handlers[op] as (
        ask: unknown,
        onNote: (note: unknown) => void,
        gone: AbortSignal,
      ) => unknown;
      return handle(ask, onNote, gone);
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
