import type { RecordedPackets, RecordRemark } from '../observation';

/** A JSON object, its fields not known yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Where readers put what they understand. */
export interface RecordSink {
  readonly observe: (observation: RecordedPackets) => void;
  /** The record is understood and gives no flow; said once for all its like. */
  readonly remark: (remark: RecordRemark) => void;
}

/** Reads one form of JSON records. */
export interface ValueForm {
  /** What such a record is called: `Calico Whisker flow`. */
  readonly what: string;
  readonly matches: (value: JsonObject) => boolean;
  /** Reads a record that matches; answers what is wrong with it, or nothing. */
  readonly read: (value: JsonObject, sink: RecordSink) => string | undefined;
}

/** Something that a person may take for flow records, and that has none. */
export interface ForeignForm {
  /** With its article: `a Kubernetes audit log`. */
  readonly what: string;
  readonly matches: (text: string) => boolean;
}

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** A field that is an object; an empty one where it is not. */
export const objectOf = (value: unknown): JsonObject => (isObject(value) ? value : {});

/** Seconds since 1970 of a time as seconds, milliseconds or RFC 3339; nothing where it is none. */
export function secondsIn(value: unknown): number | undefined {
  if (typeof value === 'bigint') return secondsIn(Number(value));
  if (value instanceof Date) return Math.floor(value.getTime() / 1000);
  const isNumber = typeof value === 'number' || /^\d{9,13}$/.test(textOf(value));
  if (isNumber) {
    const number = Number(value);
    return number > 100_000_000_000 ? Math.floor(number / 1000) : number;
  }
  const time = Date.parse(textOf(value));
  return Number.isNaN(time) ? undefined : Math.floor(time / 1000);
}

/** A port from 0 to 65535; nothing where it is none. */
export function portIn(value: unknown): number | undefined {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) && number >= 0 && number <= 65_535
    ? number
    : undefined;
}

/** ICMP and its like are no connections to a port: NetworkPolicy cannot name them. */
export const NO_PORTS: RecordRemark = {
  kind: 'no-ports',
  problem: 'records of ICMP and other protocols without ports give no rule',
  fix: 'NetworkPolicy cannot allow them, and Calico drops them under a default deny: where ping is needed, add a Calico policy with protocol ICMP',
};
