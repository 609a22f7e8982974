import { parseIp } from '../../model/address';
import type { NodeDns } from '../../model/world';
import { inside, warn } from '../schema/at';
import type { ManifestObject } from '../schema/documents';

/**
 * NodeLocal DNSCache, where an object is its DaemonSet: one whose container has the argument `-localip`
 * with the addresses that it takes on every node (kubernetes/dns, cmd/node-cache).
 */
export function nodeDnsOf({ at, kind, value }: ManifestObject): NodeDns | undefined {
  if (kind !== 'DaemonSet') return undefined;
  const spec = valueAt(value, 'spec', 'template', 'spec', 'containers');
  const args = (Array.isArray(spec) ? spec : []).flatMap((container: unknown) =>
    ['command', 'args'].flatMap((key) => textsOf(valueAt(container, key))),
  );
  const written = localIps(args);
  if (written === undefined) return undefined;
  const meta = valueAt(value, 'metadata');
  const [namespace = 'default', name = ''] = ['namespace', 'name'].map((key) => {
    const found = valueAt(meta, key);
    return typeof found === 'string' ? found : undefined;
  });
  const addresses = written.flatMap((text) => parseIp(text.trim()) ?? []);
  if (addresses.length < written.length) {
    const problem = `'${written.join(',')}' of -localip is not a list of IP addresses`;
    warn(inside(at, 'spec'), problem, 'give the DaemonSet as the cluster has it');
  }
  return { object: `${namespace}/${name}`, addresses };
}

/** `-localip a,b`, `-localip=a,b`, also with two dashes, also inside of a shell command. */
function localIps(args: readonly string[]): readonly string[] | undefined {
  const words = args.flatMap((one) => one.split(/\s+/));
  const at = words.findIndex((word) => /^--?localip(=|$)/.test(word));
  if (at === -1) return undefined;
  const [, inline] = /=(.*)$/.exec(words[at] ?? '') ?? [];
  return (inline ?? words[at + 1] ?? '').split(',').filter((text) => text !== '');
}

const textsOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];

function valueAt(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (found, key) =>
      typeof found === 'object' && found !== null && Object.hasOwn(found, key)
        ? Reflect.get(found, key)
        : undefined,
    value,
  );
}
