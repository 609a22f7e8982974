import type { Ip } from '../../model/address';
import type { Labels } from '../../model/selector';
import { type At, complain, inside } from '../schema/at';
import { legacyIp } from '../schema/legacy-address';
import { type Metadata, metadata } from '../schema/metadata';
import { isDnsLabel } from '../schema/names';
import { anything, checked, list, mapped, object, type Shape, text } from '../schema/shape';
import { unlessBroken } from '../schema/status';

const named = (ignored: readonly string[]) =>
  object({ required: { metadata }, ignored: ['apiVersion', 'kind', 'status', ...ignored] });

/** The label that the API server sets on a namespace itself, before it looks at the others. */
const OWN_LABEL = 'kubernetes.io/metadata.name';

const namespaceObject = named(['spec']);

/** `v1` Namespace. */
export const namespace: Shape<Metadata> = mapped(
  checked(
    (value, at) => namespaceObject(withoutOwnLabel(value), at),
    ({ metadata: meta }: { readonly metadata: Metadata }, at: At) => {
      if (isDnsLabel(meta.name)) return;
      complain(
        inside(inside(at, 'metadata'), 'name'),
        `'${meta.name}' is no namespace name`,
        'use at most 63 of a-z, 0-9 and -',
      );
    },
  ),
  ({ metadata: meta }) => meta,
);

/** Whatever is written there (core/v1/defaults.go: SetDefaults_Namespace). */
function withoutOwnLabel(value: unknown): unknown {
  const meta = fieldOf(value, 'metadata');
  const labels = fieldOf(meta, 'labels');
  if (typeof fieldOf(labels, OWN_LABEL) !== 'string') return value;
  const { [OWN_LABEL]: _, ...rest } = labels as Record<string, unknown>;
  return { ...(value as object), metadata: { ...(meta as object), labels: rest } };
}

const fieldOf = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? Reflect.get(value, key)
    : undefined;

/** `v1` ServiceAccount. */
export const serviceAccount: Shape<Metadata> = mapped(
  named(['automountServiceAccountToken', 'imagePullSecrets', 'secrets']),
  ({ metadata: meta }) => meta,
);

/** A machine of the cluster, as the cluster describes it. */
export interface NodeObject {
  readonly name: string;
  readonly labels: Labels;
  readonly addresses: readonly Ip[];
}

const nodeAddress = object({ required: { type: text(), address: text() } });

const nodeAddresses = unlessBroken(list(nodeAddress));
const internalAddress = unlessBroken(legacyIp);

/** `v1` Node; its internal addresses are its own. */
export const node: Shape<NodeObject> = mapped(
  object({
    required: { metadata },
    optional: { status: anything },
    ignored: ['apiVersion', 'kind', 'spec'],
  }),
  ({ metadata: meta, status }, at) => ({
    name: meta.name,
    labels: meta.labels,
    addresses: addressesOf(status, inside(inside(at, 'status'), 'addresses')),
  }),
);

function addressesOf(status: unknown, at: At): readonly Ip[] {
  const entries = nodeAddresses(fieldOf(status, 'addresses') ?? null, at);
  return (Array.isArray(entries) ? entries : []).flatMap(({ type, address }, i) => {
    if (type !== 'InternalIP' || address === '') return [];
    const read = internalAddress(address, inside(inside(at, i), 'address'));
    return typeof read === 'string' ? [read] : [];
  });
}
