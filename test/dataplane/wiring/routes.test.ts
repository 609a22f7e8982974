import { askLast, signErrors, TABLE } from '../../../lib/dataplane/wiring/routes';
import { cidr } from '../../../lib/model/address';

test.each([
  [[4] as const, []],
  [[6] as const, [6]],
  [[4, 6] as const, [6]],
])(
  'families %j: the rule of the last table and the address that signs errors are IPv6’s',
  (families, told) => {
    expect(askLast('router', families)).toEqual(
      told.map(() => ({
        kind: 'add-rule',
        netns: 'router',
        priority: 32_767,
        table: TABLE.last,
        from: cidr('::/0'),
      })),
    );
    expect(signErrors('router', families).length > 0).toBe(told.length > 0);
  },
);
