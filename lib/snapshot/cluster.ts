import type { Ip } from '../model/address';
import type { Labels } from '../model/selector';
import { type At, complain, inside } from './at';
import { type Metadata, metadata } from './metadata';
import { ipAddress, isDnsLabel } from './names';
import { anything, checked, list, mapped, object, type Shape, text } from './shape';

const named = (ignored: readonly string[]) =>
  object({ required: { metadata }, ignored: ['apiVersion', 'kind', 'status', ...ignored] });

/** `v1` Namespace. */
export const namespace: Shape<Metadata> = mapped(
  checked(named(['spec']), ({ metadata: meta }: { readonly metadata: Metadata }, at: At) => {
    if (isDnsLabel(meta.name)) return;
    complain(
      inside(inside(at, 'metadata'), 'name'),
      `'${meta.name}' is no namespace name`,
      'use at most 63 of a-z, 0-9 and -',
    );
  }),
  ({ metadata: meta }) => meta,
);

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

/** `v1` Node; its internal addresses are its own. */
export const node: Shape<NodeObject> = mapped(
  object({
    required: { metadata },
    optional: { status: anything },
    ignored: ['apiVersion', 'kind', 'spec'],
  }),
  ({ metadata: meta, status }, at) => {
    const place = inside(inside(at, 'status'), 'addresses');
    const given =
      typeof status === 'object' && status !== null && 'addresses' in status
        ? list(nodeAddress)(status.addresses, place)
        : [];
    const entries = typeof given === 'symbol' ? [] : given;
    return {
      name: meta.name,
      labels: meta.labels,
      addresses: entries.flatMap(({ type, address }, i) => {
        const read =
          type === 'InternalIP' ? ipAddress(address, inside(inside(place, i), 'address')) : '';
        return typeof read === 'string' && read !== '' ? [read] : [];
      }),
    };
  },
);
