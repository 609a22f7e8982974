import type { AskedFlow, Pictured, PicturedEdge } from '../engine/types';
import { Icon } from '../parts/icon';

interface MapSelectionProps {
  readonly picture: Pictured;
  /** Id of the chosen box. */
  readonly id: string;
  readonly onClose: () => void;
  readonly onFlow: (flow: AskedFlow) => void;
}

/** What the map draws at one box: who may call it, whom it may call, and what isolates it. */
export function MapSelection({ picture, id, onClose, onFlow }: MapSelectionProps) {
  const box = picture.boxes.find((one) => one.id === id);
  const parents = new Set([id, box?.parent]);
  const incoming = picture.edges.filter(({ to }) => parents.has(to));
  const outgoing = picture.edges.filter(({ from }) => parents.has(from));
  return (
    <aside class="panel" aria-label="The chosen box">
      <button type="button" class="close" aria-label="Close" onClick={onClose}>
        <Icon name="close" />
      </button>
      <h2 class="flow-title">{id.replace(/^[a-z-]+:/, '')}</h2>
      <p class="because">{box?.about}</p>
      <EdgeList title="Lines to it" edges={incoming} onFlow={onFlow} />
      <EdgeList title="Lines from it" edges={outgoing} onFlow={onFlow} />
      <h3>Policies that isolate it</h3>
      {(box?.policies.length ?? 0) === 0 ? (
        <p class="because">None.</p>
      ) : (
        <ul class="edge-list">
          {box?.policies.map((policy) => (
            <li key={policy}>{policy}</li>
          ))}
        </ul>
      )}
    </aside>
  );
}

interface EdgeListProps {
  readonly title: string;
  readonly edges: readonly PicturedEdge[];
  readonly onFlow: (flow: AskedFlow) => void;
}

const EdgeList = ({ title, edges, onFlow }: EdgeListProps) => (
  <>
    <h3>{title}</h3>
    {edges.length === 0 ? (
      <p class="because">None: no rule decides a flow here.</p>
    ) : (
      <ul class="edge-list">
        {edges.map(({ id, about, flow }) => (
          <li key={id}>
            {flow === undefined ? (
              about
            ) : (
              <button type="button" onClick={() => onFlow(flow)}>
                {about}
              </button>
            )}
          </li>
        ))}
      </ul>
    )}
  </>
);
