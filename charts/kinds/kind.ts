import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';

/** Where an object is, in words: `name`, or `namespace/name`; labels and annotations where it has any. */
export interface ObjectMetadata {
  readonly name: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/**
 * A kind of object with a typed spec. Only fields that the labs use are declared, and values are
 * written as they are: a port is a number or a text, never a wrapper that could turn into null.
 */
export const kind = <Spec extends object>(apiVersion: string, name: string) =>
  class extends ApiObject {
    constructor(scope: Construct, { spec, ...metadata }: ObjectMetadata & { readonly spec: Spec }) {
      super(scope, `${name}-${metadata.namespace ?? 'all'}-${metadata.name}`, {
        apiVersion,
        kind: name,
        metadata,
        spec,
      });
    }
  };
