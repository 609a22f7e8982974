/** Kinds of device whose name is unique in a world. */
const NAMED = /^(pod|node|interface) (.+)$/;
const BALANCER = /^load balancer ([^\s,]+)/;

/**
 * The id of a device that is known by its name: `pod shop/web` is `pod:shop/web`. What is neither a pod, a
 * node, an interface nor a load balancer is an address, the internet or a service of AWS: its name is its id.
 */
export function deviceIdOf(device: string): string {
  const [, kind, name] = NAMED.exec(device) ?? [];
  if (kind !== undefined) return `${kind}:${name}`;
  const [, address] = BALANCER.exec(device) ?? [];
  return address === undefined ? device : `load-balancer:${address}`;
}
