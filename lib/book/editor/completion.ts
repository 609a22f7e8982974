import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import type { Vocabulary } from '../engine/types';
import { fieldsOf } from './fields';
import { placeAt, type YamlPlace } from './place';

/** Completes what exists in the world that is edited: nothing is offered that is not there. */
export const completeFrom =
  (vocabulary: () => Vocabulary) =>
  (context: CompletionContext): CompletionResult | null => {
    const { state, pos } = context;
    const line = state.doc.lineAt(pos);
    const lines = state.doc.toString().split('\n');
    const place = placeAt(lines, line.number - 1, pos - line.from);
    if (
      place.typed === '' &&
      !context.explicit &&
      !/:\s+$/.test(line.text.slice(0, pos - line.from))
    )
      return null;
    const options = optionsAt(place, vocabulary());
    if (options.length === 0) return null;
    return { from: pos - place.typed.length, options, validFor: /^[\w./-]*$/ };
  };

/** What may stand at a place. */
export function optionsAt(place: YamlPlace, known: Vocabulary): readonly Completion[] {
  if (place.key !== undefined) return valuesFor(place, place.key, known);
  if (/(^|\.)(matchLabels|labels)$/.test(place.path)) {
    const keys = Object.keys(labelsAt(place.path, known));
    return keys.map((key) => option(`${key}`, 'property', ': '));
  }
  if (/\.policyTypes$|\.types$/.test(place.path))
    return ['Ingress', 'Egress'].map((word) => option(word, 'enum'));
  const fields = fieldsOf(place.kind, place.apiVersion)[place.path] ?? [];
  return fields
    .filter((field) => !place.siblings.includes(field))
    .map((field) => option(field, 'property', ': '));
}

const option = (label: string, type: string, after = ''): Completion =>
  after === '' ? { label, type } : { label, type, apply: `${label}${after}` };

const labelsAt = (path: string, known: Vocabulary): Vocabulary['labels'] =>
  path.includes('namespaceSelector') ? known.namespaceLabels : known.labels;

function valuesFor(place: YamlPlace, key: string, known: Vocabulary): readonly Completion[] {
  const words = (all: readonly (string | number)[] | undefined): readonly Completion[] =>
    (all ?? []).map((word) => option(`${word}`, 'constant'));
  if (/(^|\.)(matchLabels|labels)$/.test(place.path))
    return words(labelsAt(place.path, known)[key]);
  switch (key) {
    case 'kind':
      return words(Object.keys(known.kinds));
    case 'apiVersion':
      return words(known.kinds[place.kind] ?? [...new Set(Object.values(known.kinds).flat())]);
    case 'namespace':
      return words(known.namespaces);
    case 'port':
      return words(known.ports);
    case 'tier':
      return words(known.tiers);
    case 'protocol':
      return words(['TCP', 'UDP', 'SCTP']);
    case 'action':
      return words(['Allow', 'Deny', 'Pass', 'Log']);
    case 'operator':
      return words(['In', 'NotIn', 'Exists', 'DoesNotExist']);
    case 'key':
      return words(Object.keys(labelsAt(place.path, known)));
    default:
      return [];
  }
}
