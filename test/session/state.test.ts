import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readState, stateFolder, writeState } from '../../lib/session/state';

describe('a state file', () => {
  const home = mkdtempSync(join(tmpdir(), 'lab-state-'));
  const before = process.env.XDG_STATE_HOME;
  beforeAll(() => {
    process.env.XDG_STATE_HOME = home;
  });
  afterAll(() => {
    if (before === undefined) delete process.env.XDG_STATE_HOME;
    else process.env.XDG_STATE_HOME = before;
    rmSync(home, { recursive: true });
  });

  test('is written over what a killed process left beside it, and not over a running one', () => {
    const ended = spawnSync('true').pid;
    mkdirSync(stateFolder(), { recursive: true, mode: 0o700 });
    const others = [
      'progress.json.bak',
      `remote.json.${ended}.tmp`,
      `progress.json.${process.ppid}.tmp`,
    ];
    for (const name of [...others, `progress.json.${ended}.tmp`]) {
      writeFileSync(join(stateFolder(), name), '{"half');
    }
    writeState('progress', { now: 'whole' });
    expect(readState('progress')).toEqual({ now: 'whole' });
    expect(readdirSync(stateFolder()).toSorted()).toEqual([...others, 'progress.json'].toSorted());
  });
});
