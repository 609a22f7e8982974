import { useState } from 'preact/hooks';
import { download } from '../download';
import type { OpenedFiles } from '../engine/types';
import {
  addOwnFiles,
  guessUse,
  type OwnFile,
  type OwnFileUse,
  ownFiles,
  readState,
  setOwnFiles,
  stateText,
} from '../own';
import { Problems } from '../parts/problems';
import { StateLink } from './linked-files';

const USE_WORDS: Readonly<Record<OwnFileUse, string>> = {
  manifest: 'manifests',
  template: 'CloudFormation template',
  records: 'flow records',
  before: 'manifests before the change',
};

/** Where files are dropped, and what each is read as. */
export function OwnFilesView({ opened }: { readonly opened: OpenedFiles | undefined }) {
  const [over, setOver] = useState(false);
  const [refused, setRefused] = useState('');
  const take = async (list: FileList | null | undefined): Promise<void> => {
    setOver(false);
    setRefused(await takeFiles([...(list ?? [])]));
  };
  return (
    <div class="page own-files">
      <h1>Your network</h1>
      <p class="lead">
        Give it manifests, the output of <code>kubectl get -o yaml</code>, CloudFormation templates
        and flow records. They are read, judged and drawn in this browser.
      </p>
      <label
        class={over ? 'drop over' : 'drop'}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          void take(event.dataTransfer?.files);
        }}
      >
        <input type="file" multiple onChange={(event) => void take(event.currentTarget.files)} />
        <span>Drop files here, or choose them</span>
      </label>
      {refused !== '' && <p role="alert">{refused}</p>}
      <FileList />
      {opened?.kind === 'problems' && (
        <section class="own-problems">
          <h2>What is wrong in them</h2>
          <Problems problems={opened.problems} />
        </section>
      )}
      {opened?.kind === 'read' && <ReadSummary opened={opened} />}
    </div>
  );
}

/** A file that is too large to be a manifest, in bytes. */
const LARGEST = 32 * 1024 * 1024;

/** Reads files as text; answers what was refused and why. */
async function takeFiles(files: readonly File[]): Promise<string> {
  const refused: string[] = [];
  for (const file of files) {
    if (file.size > LARGEST) {
      refused.push(`${file.name} is larger than 32 MiB`);
      continue;
    }
    const text = await file.text();
    const state = readState(text);
    if (state !== undefined) setOwnFiles(state);
    else if (text.includes('\u0000')) refused.push(`${file.name} is not a text file`);
    else addOwnFiles([withUse({ path: file.name, text })]);
  }
  return refused.join('; ');
}

const withUse = (file: { readonly path: string; readonly text: string }): OwnFile => ({
  ...file,
  use: guessUse(file),
});

function FileList() {
  const files = ownFiles.value;
  if (files.length === 0) return null;
  const change = (at: number, use: OwnFileUse) =>
    setOwnFiles(files.map((file, i) => (i === at ? { ...file, use } : file)));
  return (
    <>
      <ul class="file-list">
        {files.map((file, i) => (
          <li key={`${file.use} ${file.path}`}>
            <code>{file.path}</code>
            <span class="remark">{Math.ceil(file.text.length / 1024)} KB</span>
            <select
              aria-label={`Read ${file.path} as`}
              value={file.use}
              onChange={(event) => change(i, event.currentTarget.value as OwnFileUse)}
            >
              {Object.entries(USE_WORDS).map(([use, words]) => (
                <option key={use} value={use}>
                  {words}
                </option>
              ))}
            </select>
            <button
              type="button"
              class="quiet"
              onClick={() => setOwnFiles(files.filter((_, other) => other !== i))}
            >
              Remove<span class="unseen"> {file.path}</span>
            </button>
          </li>
        ))}
      </ul>
      <p class="task-actions">
        <button
          type="button"
          class="secondary"
          onClick={() => download('network.labbook.json', stateText())}
        >
          Save all of this as one file
        </button>
        <span class="remark">Dropped on this page by another person, it shows the same.</span>
      </p>
      <p class="task-actions">
        <StateLink />
      </p>
    </>
  );
}

/** What was read, and what was left out: a kind that is not judged may change the answer. */
function ReadSummary({ opened }: { readonly opened: Extract<OpenedFiles, { kind: 'read' }> }) {
  const skipped = Object.entries(opened.skipped);
  return (
    <section class="own-problems">
      <h2>
        {opened.pods} pods and {opened.policies} policies were read
      </h2>
      {skipped.length > 0 && (
        <p class="remark">
          Not judged: {skipped.map(([kind, count]) => `${count} ${kind}`).join(', ')}.
        </p>
      )}
      {opened.warnings.length > 0 && <Problems problems={opened.warnings} />}
    </section>
  );
}
