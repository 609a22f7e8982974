import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newPerson } from './run';

const person = newPerson();
afterAll(person.leave);

/** What this machine remembers of labs that were brought up on EKS. */
function remember(...labs: readonly object[]): void {
  const folder = join(person.folder, 'eks-network-labs');
  mkdirSync(folder, { recursive: true });
  const known = labs.map((lab) => ({ target: 'eks', stage: '', region: 'us-east-1', ...lab }));
  writeFileSync(join(folder, 'clusters.json'), JSON.stringify(known));
}

test('an id that stands for several labs is asked about, by the names they have in the account', async () => {
  remember({ lab: 'capstone', as: 'ana' }, { lab: 'capstone', as: 'ben' });
  const { code, err } = await person.here('down', 'capstone', '--dry-run');
  expect({ code, err: err.includes('several labs are up: capstone-ana, capstone-ben') }).toEqual({
    code: 2,
    err: true,
  });
});

test('a name that was not given here leads to the command that needs no memory', async () => {
  remember({ lab: 'capstone' });
  const { code, err } = await person.here('down', 'capstone', '--as', 'ben');
  expect(code).toBe(2);
  expect(err).toContain('no lab was brought up from this machine as ben');
  expect(err).toContain('lab sweep capstone --as ben --region <region> --dry-run');
});

test('hints and answers are those of the lab in the cluster, where no lab runs here', async () => {
  remember({ lab: 'capstone', as: 'ana' });
  const hint = await person.here('hint');
  expect(hint).toMatchObject({ code: 0, out: expect.stringMatching(/^Hint 1\/\d+ for /) });
  const answer = await person.here('answer', 'no-such-question', 'x');
  expect(answer).toMatchObject({ code: 2, err: expect.stringContaining('lab capstone has no') });
});

test('a name is for an account: on this machine a lab is alone', async () => {
  const { code, err } = await person.here('up', 'capstone', '--as', 'ana');
  expect({ code, said: err.includes("not on 'local'") }).toEqual({ code: 2, said: true });
});

test.each`
  line                                               | says
  ${'cost capstone --hours x'}                       | ${"'x' is not a number of hours"}
  ${'cost capstone --size large'}                    | ${'--size'}
  ${'up capstone --target eks'}                      | ${'lab up capstone --target eks --allowed-cidrs "$(curl'}
  ${'up aws-1-vpc --target eks --expires 100 --yes'} | ${'1 to 72 whole hours, not 100'}
  ${'up aws-1-vpc --target eks --expires 0.5 --yes'} | ${'1 to 72 whole hours, not 0.5'}
  ${'up aws-1-vpc --target eks --as Ana --yes'}      | ${'problem --as'}
  ${'down zt-1-map'}                                 | ${'lab sweep zt-1-map --region <region> --dry-run'}
`('lab $line: what to type instead, before anything is asked of AWS', async ({ line, says }) => {
  remember();
  const { code, err, out } = await person.here(...line.split(' '));
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toContain(says);
  expect(err).not.toContain('credentials');
});
