/** How many different ports of the far side each port of a conversation was seen with. */
export interface PortRoles {
  /** Notes a pair of ports that was not seen before. */
  readonly note: (ports: readonly [number, number]) => void;
  readonly degrees: (ports: readonly [number, number]) => {
    readonly own: number;
    readonly other: number;
  };
}

/** Counts for one conversation. */
export function createPortRoles(): PortRoles {
  const first = new Map<number, number>();
  const second = new Map<number, number>();
  return {
    note: ([own, other]) => {
      first.set(own, (first.get(own) ?? 0) + 1);
      second.set(other, (second.get(other) ?? 0) + 1);
    },
    degrees: ([own, other]) => ({ own: first.get(own) ?? 0, other: second.get(other) ?? 0 }),
  };
}
