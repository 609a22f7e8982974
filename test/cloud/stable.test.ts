import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../../lib/cloud/config/config';
import { addLab, createDraft } from '../../lib/cloud/lab-app';

/** Every file that `cdk synth` writes but the construct tree, by name. */
function synthesizedAt(now: string): Readonly<Record<string, string>> {
  const outdir = mkdtempSync(join(tmpdir(), 'stable-'));
  try {
    const config = readConfig({ lab: 'capstone', size: 'production' }, new Date(now));
    if (config.kind === 'problems') throw new Error(JSON.stringify(config.problems));
    const app = createDraft(outdir);
    addLab(app, config.value);
    app.synth();
    const files = readdirSync(outdir).filter((name) => /(template|manifest).*json$/.test(name));
    return Object.fromEntries(
      files.map((name) => [name, readFileSync(join(outdir, name), 'utf8')]),
    );
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

const first = synthesizedAt('2026-11-21T10:00:01Z');

test('a minute later the same configuration synthesizes to the same bytes', () => {
  expect(Object.keys(first).length).toBeGreaterThan(4);
  expect(synthesizedAt('2026-11-21T10:01:01Z')).toEqual(first);
});

test('two hours later only the end differs, in the one stack that has it', () => {
  const later = synthesizedAt('2026-11-21T12:00:01Z');
  const differs = Object.keys(first).filter((name) => first[name] !== later[name]);
  expect(differs.sort()).toEqual(['capstone-expiry.template.json', 'manifest.json']);
  const lines = (text = '') => text.split('\n');
  const changed = lines(later['capstone-expiry.template.json']).filter(
    (line, i) => line !== lines(first['capstone-expiry.template.json'])[i],
  );
  expect(changed).toHaveLength(2);
});
