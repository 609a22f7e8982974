import { run } from '../../lib/runtime/spawn';

describe('what a command said', () => {
  test('is heard whole, also where this process was busy when the command ended', async () => {
    const said = run(['sh', '-c', 'head -c 300000 /dev/zero | tr "\\0" x']);
    await new Promise((resolve) => setTimeout(resolve, 20));
    const until = performance.now() + 400;
    while (performance.now() < until);
    expect((await said).stdout).toHaveLength(300_000);
  });

  test.each`
    argv                                   | stdin                    | finished
    ${['cat']}                             | ${'hello'}               | ${{ code: 0, stdout: 'hello', stderr: '' }}
    ${['sh', '-c', 'echo no >&2; exit 3']} | ${undefined}             | ${{ code: 3, stdout: '', stderr: 'no\n' }}
    ${['sh', '-c', 'kill -KILL $$']}       | ${undefined}             | ${{ code: 137, stdout: '', stderr: '' }}
    ${['sh', '-c', 'kill -TERM $$']}       | ${undefined}             | ${{ code: 143, stdout: '', stderr: '' }}
    ${['no-such-program']}                 | ${undefined}             | ${{ code: 127, stdout: '', stderr: 'spawn no-such-program ENOENT' }}
    ${['true']}                            | ${'x'.repeat(1_000_000)} | ${{ code: 0, stdout: '', stderr: '' }}
  `('$argv ends with $finished.code', async ({ argv, stdin, finished }) => {
    expect(await run(argv, stdin === undefined ? {} : { stdin })).toEqual(finished);
  });
});
