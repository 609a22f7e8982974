import { run } from '../../../lib/runtime/kernel/spawn';

describe('what a command said', () => {
  test('is heard whole, also where this process was busy when the command ended', async () => {
    const busy = (ms: number) => {
      for (const until = performance.now() + ms; performance.now() < until; );
    };
    // Ends are noticed for all commands at once, also before what the last ones said was read.
    const timer = setInterval(() => busy(230), 1);
    const all = Array.from({ length: 40 }, async (_, i) => {
      const said = await run(['sh', '-c', `sleep 0.0${i % 10}${i % 7}; echo x`]);
      busy(30);
      return said.stdout;
    });
    const said = await Promise.all(all);
    clearInterval(timer);
    expect(new Set(said)).toEqual(new Set(['x\n']));
  }, 30_000);

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
