import { createEngine } from '../../../lib/reach/engine';
import { readFlows } from '../../../lib/read/flows/flows';
import { readWorld } from '../../../lib/read/world';

/** What is said of each flow of a template; `refused` of all of them, or of one whose end is nowhere. */
export function judged(template: string, flows: readonly object[]): ReadonlyMap<string, string> {
  const reading = readWorld({ manifests: [], templates: [{ path: 'net.json', text: template }] });
  return new Map(
    flows.map((flow) => {
      const name = JSON.stringify(flow);
      if (reading.kind === 'problems') return [name, 'refused'] as const;
      const read = readFlows({ path: 'flows.jsonl', text: name }, reading.value);
      const [first] = read.kind === 'read' ? read.value : [];
      if (first === undefined) return [name, 'refused'] as const;
      const engine = createEngine(reading.value, { staged: 'as-written' });
      return [name, engine.explain(first).verdict] as const;
    }),
  );
}
