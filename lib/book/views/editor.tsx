import { useEffect, useState } from 'preact/hooks';
import { snapshotOf } from '../book-data';
import { openStage } from '../worlds';
import type { LabViewProps } from './lab-place';
import { Workbench } from './workbench';

/** The stage's objects as text, with what an edit opens and closes beside them. */
export function EditorView({ data, lab, stage }: LabViewProps) {
  const [against, setAgainst] = useState<string | undefined>(undefined);
  useEffect(() => {
    let current = true;
    setAgainst(undefined);
    void openStage(data, stage).then((key) => current && setAgainst(key));
    return () => {
      current = false;
    };
  }, [data, stage]);
  if (against === undefined) return <div class="page loading">Reading the stage</div>;
  const files = data.stages[stage] ?? [];
  const path = files[0]?.path ?? `${stage}.yaml`;
  return (
    <Workbench
      key={against}
      against={against}
      label={stage}
      name={path.split('/').at(-1) ?? path}
      original={files.map(({ text }) => text).join('---\n')}
      withText={(text) => ({ ...snapshotOf(data, stage), manifests: [{ path, text }] })}
      lab={{ id: lab.id, stage }}
    />
  );
}
