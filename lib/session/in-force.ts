import { type Document, parseAllDocuments, stringify } from 'yaml';
import { shownStage } from '../lab/fault';
import type { Lab } from '../lab/format';
import type { World } from '../model/world';
import { stageSources } from './lab-world';
import { overlay } from './overlay';
import { isTemplatePatch } from './template-patch';

/** An object that is in force in a lab, as it was written or as the lab derived it. */
export interface ObjectInForce {
  readonly apiVersion: string;
  readonly kind: string;
  /** Absent for kinds without a namespace. */
  readonly namespace?: string;
  readonly name: string;
  /** `stage app`, the file that was applied, or `derived` for what a controller would make. */
  readonly from: string;
  readonly yaml: string;
}

/** Where a lab stands: its stage, and what was applied on top. */
export interface LabStand {
  readonly stage: string;
  readonly applied: readonly { readonly path: string; readonly text: string }[];
}

/** Every object of the stage and of the files on top of it that is in force, in order. */
export function objectsInForce(lab: Lab<string>, { stage, applied }: LabStand): ObjectInForce[] {
  const own = stageSources(lab, stage);
  const files = overlay([...own, ...applied.filter((file) => !isTemplatePatch(file))]);
  return files.flatMap((file) => {
    const from = own.some(({ path }) => path === file.path)
      ? `stage ${shownStage(lab, stage)}`
      : file.path;
    return parseAllDocuments(file.text).flatMap((document) => objectsIn(document, from));
  });
}

interface Manifest {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: { readonly name?: string; readonly namespace?: string };
  readonly items?: readonly Manifest[];
}

function objectsIn(document: Document, from: string): readonly ObjectInForce[] {
  const value: Manifest | null = document.toJS();
  return (value?.items ?? [value]).flatMap((one) => {
    const { apiVersion, kind, metadata } = one ?? {};
    if (apiVersion === undefined || kind === undefined || metadata?.name === undefined) return [];
    const { name, namespace } = metadata;
    const place = namespace === undefined ? {} : { namespace };
    return [{ apiVersion, kind, ...place, name, from, yaml: stringify(one) }];
  });
}

/** Pods and EndpointSlices as controllers would make them from what is in force. */
export function derivedObjects({ pods, services }: World): readonly ObjectInForce[] {
  const made = pods.map(({ namespace, name, labels, node, addresses, ready }) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels: ownLabels(labels) },
    spec: { nodeName: node },
    status: {
      podIP: addresses[0],
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
    },
  }));
  const slices = services
    .filter(({ type }) => type !== 'ExternalName')
    .flatMap(({ namespace, name, ports }) => {
      const backends = ports.flatMap((port) => port.backends);
      return {
        apiVersion: 'discovery.k8s.io/v1',
        kind: 'EndpointSlice',
        metadata: { name, namespace, labels: { 'kubernetes.io/service-name': name } },
        endpoints: backends.map(({ address, ready }) => ({
          addresses: [address],
          conditions: { ready },
        })),
        ports: ports.map(({ backends: behind, port }) => ({ port: behind[0]?.port ?? port })),
      };
    });
  return [...made, ...slices].map((one) => ({
    apiVersion: one.apiVersion,
    kind: one.kind,
    namespace: one.metadata.namespace,
    name: one.metadata.name,
    from: 'derived',
    yaml: stringify(one),
  }));
}

/** Without the labels that policies see and no manifest has. */
const ownLabels = (labels: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(labels).filter(
      ([key]) =>
        !/^(pcns\.|pcsa\.|projectcalico\.org\/(name|namespace|orchestrator|service))/.test(key),
    ),
  );
