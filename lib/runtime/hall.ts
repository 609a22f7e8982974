import type { Socket } from 'node:net';
import { capture } from './capture';
import { createDnsServers } from './dns-server';
import { createResolvers, execIn } from './exec';
import { createExecutor } from './execute';
import { createListeners } from './listeners';
import { createNamespaces } from './namespaces';
import { createProber } from './prober';
import type { Entrance, Note, Operation, Operations, Request } from './protocol';
import { resolve } from './resolve';
import { createServing } from './serving';
import { createStay } from './stay';
import { startTracer } from './tracer';
import { tryDevice } from './trial';

/** Everything a holder can do, and when it ends. */
export interface Hall {
  perform(request: Request, onNote: (note: unknown) => void): Promise<unknown>;
  /** The first client is gone: the end, unless the sandbox was told to stay. */
  clientGone(): void;
  /** Called for every client that attaches once the sandbox stays. */
  onAttach(take: (connection: Socket) => void): void;
}

type Handlers = {
  readonly [K in Operation]: (
    ask: Operations[K]['ask'],
    onNote: (note: Note<K>) => void,
  ) => Promise<Operations[K]['answer']> | Operations[K]['answer'];
};

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
  const openListeners = createListeners(namespaces, serving);
  const dnsServers = createDnsServers(namespaces, serving);
  const execute = createExecutor({ namespaces, resolvers, serving, openListeners, dnsServers });
  const prober = createProber(namespaces);
  const stay = createStay(process.exit);
  const inTurn = createTurns();

  const handlers: Handlers = {
    describe: () => {
      const expiresAt = stay.expiresAt();
      const names = namespaces.names();
      return {
        pid: process.pid,
        ...(expiresAt === undefined ? {} : { expiresAt }),
        namespaces: names,
        note: stay.note(),
      };
    },
    run: ({ plan }, onNote) => inTurn(() => execute.run(plan, onNote).then(() => null)),
    probe: ({ probes, options }) =>
      inTurn(async () => {
        if (options.trace === 'off') return prober(probes, options);
        const tracer = await startTracer(namespaces, execute.ruled());
        try {
          return await prober(probes, { ...options, tracer });
        } finally {
          await tracer.close();
        }
      }),
    exec: ({ netns, ...work }) => execIn({ namespaces, resolvers }, netns, work),
    capture: (wish, show) => capture(namespaces, wish, show),
    enter: ({ netns }) => {
      const { pid, mode } = process;
      const resolvConf = resolvers.file(netns);
      const fd = namespaces.fd(netns);
      return { pid, fd, mode, ...(resolvConf === undefined ? {} : { resolvConf }) };
    },
    resolve: (inquiry) => resolve({ namespaces, text: resolvers.text(inquiry.netns) }, inquiry),
    tryDevice: ({ kind }) => tryDevice(namespaces, kind),
    keep: (wish) => stay.keep(wish),
    extend: ({ expiresAt }) => stay.extend(expiresAt),
    note: ({ note }) => stay.write(note),
    end: () => {
      setImmediate(stay.end);
      return null;
    },
  };
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
