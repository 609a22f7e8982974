import type { Labels } from '../model/selector';
import { inside } from './at';
import { dnsLabel, dnsSubdomain, labels } from './names';
import { BAD } from './refusal';
import { flag, list, object, type Read, record, type Shape, text } from './shape';

const owner = object({
  required: { kind: text(), name: text() },
  optional: { controller: flag },
  ignored: ['apiVersion', 'uid', 'blockOwnerDeletion'],
});

const fields = {
  optional: {
    namespace: dnsLabel,
    labels,
    annotations: record(() => undefined, text()),
    ownerReferences: list(owner),
  },
  ignored: [
    'generateName',
    'uid',
    'resourceVersion',
    'generation',
    'creationTimestamp',
    'deletionTimestamp',
    'deletionGracePeriodSeconds',
    'finalizers',
    'managedFields',
    'selfLink',
  ],
} as const;

const ignoredName = [...fields.ignored, 'name'];
const objectMeta = object({ ...fields, required: { name: dnsSubdomain } });
const templateMeta = object({ ...fields, ignored: ignoredName });

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
}

/** `metadata` of an object. */
export const metadata: Shape<Metadata> = (value, at) => {
  const read = objectMeta(value, at);
  return read === BAD ? BAD : settle(read, read.name);
};

/** `metadata` of a pod template, where only labels and annotations count. */
export const templateMetadata: Shape<Metadata> = (value, at) => {
  const read = templateMeta(value, at);
  return read === BAD ? BAD : settle(read, '');
};

function settle(read: Read<typeof templateMeta>, name: string): Metadata {
  const owners = read.ownerReferences ?? [];
  const controller = owners.find((reference) => reference.controller === true);
  return {
    name,
    namespace: read.namespace ?? 'default',
    labels: read.labels ?? {},
    annotations: read.annotations ?? {},
    ...(controller && { owner: { kind: controller.kind, name: controller.name } }),
  };
}

/**
 * An object with `metadata` and `spec`, whose status nobody needs. No spec is an empty one, as it
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
