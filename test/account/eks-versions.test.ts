import { STANDARD_SUPPORT_ENDS, supportOf } from '../../lib/account/eks-versions';
import { KUBERNETES_RELEASES } from '../../lib/cloud/config/versions';

test('what the stacks install and what the bill expects are the same calendar', () => {
  const installed = KUBERNETES_RELEASES.map(({ version, standardSupportEnds }) => ({
    [version]: standardSupportEnds,
  }));
  expect(installed).toEqual(
    KUBERNETES_RELEASES.map(({ version }) => ({ [version]: STANDARD_SUPPORT_ENDS[version] })),
  );
});

test.each`
  version   | day             | expected
  ${'1.34'} | ${'2026-12-02'} | ${{ kind: 'standard', until: '2026-12-02' }}
  ${'1.34'} | ${'2026-12-03'} | ${{ kind: 'extended', since: '2026-12-02' }}
  ${'1.99'} | ${'2026-12-03'} | ${{ kind: 'newer-than-table' }}
  ${'1.20'} | ${'2026-12-03'} | ${{ kind: 'unsupported' }}
  ${'next'} | ${'2026-12-03'} | ${{ kind: 'unsupported' }}
`('$version on $day is $expected.kind', ({ version, day, expected }) => {
  expect(supportOf(version, day)).toEqual(expected);
});
