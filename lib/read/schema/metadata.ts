import type { Labels } from '../../model/selector';
import { type At, complain, inside, warn } from './at';
import { generatedName } from './generated-name';
import { annotationKey, dnsLabel, dnsSubdomain, filled, labels } from './names';
import { BAD } from './refusal';
import { flag, list, object, type Read, record, type Shape, text } from './shape';

const owner = object({
  required: { kind: filled, name: filled },
  optional: { controller: flag },
  ignored: ['apiVersion', 'uid', 'blockOwnerDeletion'],
});

const IGNORED = [
  'uid',
  'resourceVersion',
  'generation',
  'deletionGracePeriodSeconds',
  'finalizers',
  'managedFields',
  'selfLink',
] as const;

const objectMeta = object({
  optional: {
    labels,
    annotations: record(annotationKey, text()),
    ownerReferences: list(owner),
    creationTimestamp: text(),
    deletionTimestamp: text(),
  },
  omitEmpty: { name: dnsSubdomain, generateName: text(), namespace: dnsLabel },
  ignored: IGNORED,
});

/** Of a template only labels and annotations go on to the pods: its other fields are not looked at. */
const templateMeta = object({
  optional: { labels, annotations: record(annotationKey, text()) },
  ignored: [
    ...IGNORED,
    'creationTimestamp',
    'deletionTimestamp',
    'name',
    'generateName',
    'namespace',
    'ownerReferences',
  ],
});

/** The controller that made an object, from its owner references. */
export interface Owner {
  readonly kind: string;
  readonly name: string;
}

/** What every object says about itself. */
export interface Metadata {
  readonly name: string;
  /** `default` where a namespaced object names none, as kubectl would have it. */
  readonly namespace: string;
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly owner?: Owner;
  /** Seconds since 1970 when it was created; absent: not written. */
  readonly created?: number;
  /** It was deleted and is still there until its finalizers or its grace period end. */
  readonly isTerminating?: true;
}

/** `metadata` of an object; one with `generateName` alone gets a name as the API server makes it. */
export const metadata: Shape<Metadata> = (value, at) => {
  const read = objectMeta(value, at);
  if (read === BAD) return BAD;
  const name = read.name ?? nameFrom(read.generateName, at);
  return name === undefined ? BAD : settle(read, name);
};

/** `metadata` of a pod template, where only labels and annotations count. */
export const templateMetadata: Shape<Metadata> = (value, at) => {
  const read = templateMeta(value, at);
  return read === BAD ? BAD : settle(read, '');
};

/** `BeforeCreate` of the API server (registry/rest/create.go) adds five letters of its own choice. */
function nameFrom(prefix: string | undefined, at: At): string | undefined {
  const place = inside(at, 'name');
  if (prefix === undefined) {
    complain(place, 'name is missing', 'add name');
    return undefined;
  }
  const name = generatedName(prefix, at);
  const read = dnsSubdomain(name, inside(at, 'generateName'));
  if (read === BAD) return undefined;
  warn(place, `the API server will make a name of '${prefix}': here it is ${name}`, 'give a name');
  return read;
}

function settle(read: Partial<Read<typeof objectMeta>>, name: string): Metadata {
  const owners = read.ownerReferences ?? [];
  const controller = owners.find((reference) => reference.controller === true);
  const created = Date.parse(read.creationTimestamp ?? '') / 1000;
  return {
    name,
    namespace: read.namespace ?? 'default',
    labels: read.labels ?? {},
    annotations: read.annotations ?? {},
    ...(controller && { owner: { kind: controller.kind, name: controller.name } }),
    ...(Number.isFinite(created) && { created }),
    ...(read.deletionTimestamp && { isTerminating: true as const }),
  };
}

/**
 * An object with `metadata` and `spec`, whose status is not read. No spec is an empty one, as it
 * is for the API server; the shape then says which of its fields is missing.
 */
export function resource<T>(
  spec: Shape<T>,
): Shape<{ readonly metadata: Metadata; readonly spec: T }> {
  const outer = object({
    required: { metadata },
    optional: { spec },
    ignored: ['apiVersion', 'kind', 'status'],
  });
  return (value, at) => {
    const read = outer(value, at);
    if (read === BAD) return BAD;
    const inner = read.spec ?? spec({}, inside(at, 'spec'));
    return inner === BAD ? BAD : { metadata: read.metadata, spec: inner as T };
  };
}
