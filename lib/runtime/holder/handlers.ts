import { answerCni } from '../cni/lab';
import { tryDevice } from '../doctor/trial';
import { execIn, type Resolvers } from '../kernel/exec';
import type { Namespaces } from '../kernel/namespaces';
import { capture } from '../probes/capture';
import { askHttp } from '../probes/http-ask';
import type { Prober } from '../probes/prober';
import { resolve } from '../probes/resolve';
import { startTracer } from '../probes/tracer';
import type { Containers } from '../sandbox/containers';
import type { Executor } from '../sandbox/execute';
import type { Entrance, Note, Operation, Operations } from '../sandbox/protocol';
import type { Stay } from '../sandbox/stay';

/** How each operation of the holder is carried out. */
export type Handlers = {
  readonly [K in Operation]: (
    ask: Operations[K]['ask'],
    onNote: (note: Note<K>) => void,
    gone: AbortSignal,
  ) => Promise<Operations[K]['answer']> | Operations[K]['answer'];
};

/** What the holder has to work with. */
export interface Holdings {
  readonly pid: number;
  readonly mode: Entrance['mode'];
  readonly namespaces: Namespaces;
  readonly resolvers: Resolvers;
  readonly executor: Executor;
  readonly prober: Prober;
  readonly stay: Stay;
  readonly containers: Containers;
  /** One after the other: no plan or probe sees another's half-done work. */
  readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>;
}

/** The operations of the protocol, over what the holder has. */
export function handlersOf(holdings: Holdings): Handlers {
  const { namespaces, resolvers, executor, stay, containers, inTurn } = holdings;
  return {
    describe: () => describe(holdings),
    run: ({ plan, note, shows }, onNote) =>
      inTurn(async () => {
        await executor.run(plan, onNote);
        if (shows !== undefined) containers.show(shows);
        return note === undefined ? null : stay.write(note);
      }),
    probe: (ask) => inTurn(() => probe(holdings, ask)),
    exec: ({ netns, ...work }) => execIn({ namespaces, resolvers }, netns, work),
    capture: (wish, show, gone) => capture(namespaces, wish, show, gone),
    enter: ({ netns }) => entranceOf(holdings, netns),
    resolve: (inquiry) => resolve({ namespaces, text: resolvers.text(inquiry.netns) }, inquiry),
    askHttp: (question) => askHttp(namespaces, question),
    cni: (call) => inTurn(() => answerCni(containers, call)),
    tryDevice: ({ kind }) => tryDevice(namespaces, kind),
    keep: (wish) => stay.keep(wish),
    extend: ({ expiresAt }) => stay.extend(expiresAt),
    note: ({ note }) => stay.write(note),
    end: () => {
      setImmediate(stay.end);
      return null;
    },
  };
}

function describe({
  pid,
  stay,
  namespaces,
  containers,
}: Holdings): Operations['describe']['answer'] {
  const expiresAt = stay.expiresAt();
  const expiry = expiresAt === undefined ? {} : { expiresAt };
  return {
    pid,
    ...expiry,
    namespaces: namespaces.names(),
    note: stay.note(),
    containers: containers.list(),
  };
}

async function probe(
  { namespaces, executor, prober }: Holdings,
  { probes, options }: Operations['probe']['ask'],
): Promise<Operations['probe']['answer']> {
  if (options.trace === 'off') return prober(probes, options);
  const tracer = await startTracer(namespaces, executor.ruled());
  try {
    return await prober(probes, { ...options, tracer });
  } finally {
    await tracer.close();
  }
}

function entranceOf({ pid, mode, namespaces, resolvers }: Holdings, netns: string): Entrance {
  const resolvConf = resolvers.file(netns);
  const net = namespaces.path(netns);
  return { pid, net, mode, ...(resolvConf === undefined ? {} : { resolvConf }) };
}
