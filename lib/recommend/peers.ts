/** A port of a NetworkPolicy rule. */
export interface PortRule {
  readonly protocol: string;
  readonly port: number;
}

/** Port numbers by protocol. */
export function portsOf(
  ports: readonly PortRule[],
): readonly { readonly protocol: string; readonly numbers: readonly number[] }[] {
  const protocols = [...new Set(ports.map(({ protocol }) => protocol))];
  return protocols.map((protocol) => ({
    protocol,
    numbers: ports.filter((one) => one.protocol === protocol).map(({ port }) => port),
  }));
}

/** A list in pieces of at most so many. */
export const chunks = <T>(all: readonly T[], most: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(all.length / most) }, (_, i) =>
    all.slice(i * most, (i + 1) * most),
  );
