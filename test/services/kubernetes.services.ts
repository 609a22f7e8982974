import { execFileSync } from 'node:child_process';
import { recordsOf } from '../../lib/dataplane/servers/dns-records';
import { familyOf } from '../../lib/model/address';
import { backendsOnNode } from '../../lib/model/service-endpoints';
import type { Backend, Service, World } from '../../lib/model/world';
import { readWorld } from '../../lib/read/world';
import { createZone } from '../../lib/runtime/servers/zone';
import { file, readOf } from '../build/reading';
import { testUnless } from '../skip';
import { JUDGE } from './install';
import { randomServices, type StoredServices } from './random-services';

/** How many clusters are drawn: a sample by default, all with SERVICES_WORLDS. */
const WORLDS = Number(process.env.SERVICES_WORLDS ?? 300);

interface Judgement {
  readonly slices: readonly {
    readonly metadata: { readonly namespace: string; readonly labels: Record<string, string> };
    readonly ports: readonly { readonly name?: string; readonly port?: number }[] | null;
    readonly endpoints:
      | readonly {
          readonly addresses: readonly string[];
          readonly conditions: { readonly ready?: boolean };
          readonly hostname?: string;
        }[]
      | null;
  }[];
  readonly ports: readonly {
    readonly node: string;
    readonly name: string;
    readonly family: string;
    readonly cluster: readonly string[];
    readonly local: readonly string[];
    readonly any: boolean;
    readonly usesCluster: boolean;
    readonly usesLocal: boolean;
  }[];
  readonly names: readonly { readonly code: string; readonly found: readonly string[] }[];
}

const missing = process.env.SERVICES_JUDGE_MISSING;
const stored = Array.from({ length: WORLDS }, (_, seed) => randomServices(seed + 1));
const judged: readonly Judgement[] =
  missing === undefined
    ? execFileSync(JUDGE, {
        input: stored.map((one) => JSON.stringify(one)).join('\n'),
        maxBuffer: 2 ** 30,
      })
        .toString()
        .trim()
        .split('\n')
        .map((line): Judgement => JSON.parse(line))
    : [];
const worlds = stored.map(read);

function read({ services, pods, nodes, slices }: StoredServices): World {
  const items = [...services, ...pods, ...nodes, ...slices];
  const text = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
  return readOf(readWorld({ manifests: [file(text, 'stored.json')] }));
}

const nameOf = ({ namespace, name }: Pick<Service, 'namespace' | 'name'>): string =>
  `${namespace}/${name}`;

/** The differences between two lists for each world, with a count of what was compared. */
function compared<T>(
  all: readonly T[],
  differs: (one: T) => string | undefined,
): readonly string[] {
  const found = all.flatMap((one) => differs(one) ?? []);
  console.error(
    `${expect.getState().currentTestName}: ${all.length} compared, ${found.length} differ`,
  );
  return found.slice(0, 5);
}

const judge = testUnless(missing);

judge('endpoints are those of the EndpointSlice controller', () => {
  const rows = worlds.flatMap((world, i) => world.services.map((service) => ({ service, i })));
  const differs = ({ service, i }: (typeof rows)[number]): string | undefined => {
    const ours = (service.endpoints ?? []).map((one) =>
      row([one.address], one.ready, one.hostname, one.ports),
    );
    const theirs = (judged[i]?.slices ?? [])
      .filter(({ metadata: { namespace, labels } }) => {
        const name = labels['kubernetes.io/service-name'] ?? '';
        return nameOf({ namespace, name }) === nameOf(service);
      })
      .flatMap(({ endpoints, ports }) =>
        (endpoints ?? []).map((one) =>
          row(one.addresses, one.conditions.ready ?? true, one.hostname, ports ?? []),
        ),
      );
    return difference(`seed ${i + 1} ${nameOf(service)}`, ours, theirs);
  };
  expect(compared(rows, differs)).toEqual([]);
});

const row = (
  addresses: readonly string[],
  ready: boolean,
  hostname: string | undefined,
  ports: readonly { readonly name?: string; readonly port?: number }[],
): string =>
  `${addresses} ${ready} ${hostname ?? ''} ${ports.map(({ name, port }) => `${name ?? ''}=${port ?? ''}`).sort()}`;

function difference(
  where: string,
  ours: readonly string[],
  theirs: readonly string[],
): string | undefined {
  const [a, b] = [ours, theirs].map((all) => [...all].sort().join('; '));
  return a === b ? undefined : `${where}: ours ${a}, theirs ${b}`;
}

judge('each node uses the endpoints that kube-proxy uses', () => {
  const rows = judged.flatMap(({ ports }, i) => ports.map((port) => ({ port, i })));
  const differs = ({ port: theirs, i }: (typeof rows)[number]): string | undefined => {
    const family = theirs.family === 'IPv6' ? 6 : 4;
    const world = worlds[i];
    const node = world?.nodes.find(({ name }) => name === theirs.node);
    const port = world?.services
      .flatMap((service) => service.ports.map((one) => ({ service, one })))
      .find(({ service, one }) => `${nameOf(service)}:${one.name}/${one.protocol}` === theirs.name);
    const backends = (port?.one.backends ?? []).filter((one) => familyOf(one.address) === family);
    const { cluster, local, isServed } = backendsOnNode(backends, node);
    const text = (all: readonly Backend[]): readonly string[] =>
      all.map(
        ({ address, port: number }) => (family === 4 ? address : `[${address}]`) + `:${number}`,
      );
    const where = `seed ${i + 1} ${theirs.name} on ${theirs.node} ${theirs.family}`;
    return (
      (theirs.usesCluster
        ? difference(`${where} cluster`, text(cluster), theirs.cluster)
        : undefined) ??
      (theirs.usesLocal ? difference(`${where} local`, text(local), theirs.local) : undefined) ??
      difference(`${where} served`, [String(isServed)], [String(theirs.any)])
    );
  };
  expect(compared(rows, differs)).toEqual([]);
});

judge("names are answered as CoreDNS' kubernetes plugin answers them", () => {
  const rows = stored.flatMap(({ names }, i) => names.map((asked, k) => ({ asked, i, k })));
  const zones = worlds.map((world) =>
    createZone(recordsOf(world), ['cluster.local', 'in-addr.arpa', 'ip6.arpa'], {
      domain: world.clusterDomain,
      namespaces: world.namespaces.map(({ name }) => name),
    }),
  );
  const differs = ({ asked, i, k }: (typeof rows)[number]): string | undefined => {
    const theirs = judged[i]?.names[k];
    const answer = zones[i]?.(asked.name, asked.type);
    const code = answer?.kind === 'no-name' ? 'NXDOMAIN' : 'NOERROR';
    const found = answer?.kind === 'answered' ? answer.records : [];
    const ours = found.map(({ name, type, data }) => `${name} ${type} ${data}`.toLowerCase());
    const said = (theirs?.found ?? []).map(plain);
    const where = `seed ${i + 1} ${asked.name} ${asked.type}`;
    return difference(where, [code, ...ours], [theirs?.code ?? '', ...said]);
  };
  expect(compared(rows, differs)).toEqual([]);
});

/** A record as CoreDNS prints it, without its time to live, class, last dots and quotes. */
function plain(record: string): string {
  const [name = '', , , type = '', ...data] = record.split(' ');
  const bare = (text: string): string => text.replace(/\.$/, '').replaceAll('"', '');
  return [bare(name), type, ...data.map(bare)].join(' ');
}
