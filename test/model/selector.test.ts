import { type Labels, matches, NAMESPACE_LABEL, type Selector } from '../../lib/model/selector';

const web: Labels = { app: 'web', tier: 'front' };
const none: Labels = {};

describe('a selector on {app: web, tier: front} and on no labels', () => {
  test.each<[Selector, boolean, boolean]>([
    [{ kind: 'all' }, true, true],
    [{ kind: 'global' }, true, true],
    [{ kind: 'has', label: 'app' }, true, false],
    [{ kind: 'equals', label: 'app', value: 'web' }, true, false],
    [{ kind: 'not-equals', label: 'app', value: 'web' }, false, true],
    [{ kind: 'in', label: 'app', values: ['db', 'web'] }, true, false],
    [{ kind: 'not-in', label: 'app', values: ['db', 'web'] }, false, true],
    [{ kind: 'contains', label: 'app', value: 'e' }, true, false],
    [{ kind: 'starts-with', label: 'app', value: 'w' }, true, false],
    [{ kind: 'ends-with', label: 'app', value: 'w' }, false, false],
    [{ kind: 'not', operand: { kind: 'has', label: 'app' } }, false, true],
    [{ kind: 'and', operands: [] }, true, true],
    [{ kind: 'or', operands: [] }, false, false],
    [{ kind: 'has', label: 'constructor' }, false, false],
    [{ kind: 'equals', label: 'toString', value: 'x' }, false, false],
  ])('%j', (selector, onWeb, onNone) => {
    expect([matches(selector, web), matches(selector, none)]).toEqual([onWeb, onNone]);
  });

  test('global is what lives in no namespace', () => {
    expect(matches({ kind: 'global' }, { [NAMESPACE_LABEL]: 'shop' })).toBe(false);
  });
});
