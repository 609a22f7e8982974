import { useState } from 'preact/hooks';
import { ownFiles, ownSnapshot } from '../own';
import { Workbench } from './workbench';

/** A file of a person's own network, edited: what that opens and closes in the whole of it. */
export function OwnEditor({ worldKey }: { readonly worldKey: string }) {
  const files = ownFiles.value.filter(({ use }) => use === 'manifest');
  const [chosen, setChosen] = useState(files[0]?.path ?? '');
  const file = files.find(({ path }) => path === chosen) ?? files[0];
  if (file === undefined) return <p class="page">Add manifests: templates are not edited here.</p>;
  const withText = (text: string) => {
    const snapshot = ownSnapshot();
    const manifests = snapshot.manifests.map((one) =>
      one.path === file.path ? { path: one.path, text } : one,
    );
    return { ...snapshot, manifests };
  };
  return (
    <>
      {files.length > 1 && (
        <label class="file-choice">
          File
          <select value={file.path} onChange={(event) => setChosen(event.currentTarget.value)}>
            {files.map(({ path }) => (
              <option key={path} value={path}>
                {path}
              </option>
            ))}
          </select>
        </label>
      )}
      <Workbench
        key={`${worldKey} ${file.path}`}
        against={worldKey}
        label="the files as they were given"
        name={file.path.split('/').at(-1) ?? file.path}
        original={file.text}
        withText={withText}
      />
    </>
  );
}
