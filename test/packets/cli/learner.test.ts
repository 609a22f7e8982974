import { jsonLines, newPerson } from '../../cli/run';
import { describePackets } from '../kernel';

const LAB = 'k8s-5-network-policy';

describePackets('a learner at the command line', () => {
  const person = newPerson();
  afterAll(() => {
    person.lab('down', '--all');
    person.leave();
  });
  // What starts a lab, ends it or hands over the terminal is typed; the rest is asked of the same code.
  const { lab, here } = person;

  test('brings a lab up, is told what is wrong, solves it step by step, and leaves nothing', async () => {
    expect(lab('up', LAB)).toMatchObject({
      code: 0,
      out: expect.stringMatching(/Step 1\/3 isolate/),
    });
    const first = lab('check');
    expect(first).toMatchObject({
      code: 1,
      out: expect.stringMatching(/means: .*\n +look: +lab explain/),
    });
    for (const step of ['isolate', 'names', 'paths']) {
      expect((await here('solve')).code).toBe(0);
      expect(await here('check')).toMatchObject({
        code: 0,
        out: expect.stringContaining(`Step ${step} done`),
      });
    }
    expect((await here('check')).out).toMatch(
      /5 questions are left: [\s\S]*Next: lab answer db-policy-alone /,
    );
    expect((await here('answer', 'db-policy-alone', 'd')).out).toMatch(/^Not right: say a, b, c\./);
    expect((await here('answer', 'db-policy-alone', 'b')).out).toMatch(
      /^Right\. [\s\S]*4 questions are left/,
    );
    const status = await here('status', '--json');
    expect(status).toMatchObject({ code: 0 });
    expect(jsonLines(status)[0]).toMatchObject([{ lab: LAB, stage: 'app' }]);
    expect(lab('down').out).toMatch(/Left behind: nothing/);
    expect((await here('list')).out).toMatch(new RegExp(`${LAB} +done`));
  });

  test('writes a policy of their own, sees what it changes, and takes it back', async () => {
    expect(lab('up', LAB).code).toBe(0);
    const file = person.write(
      'mine.yaml',
      JSON.stringify({
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { name: 'mine', namespace: 'shop' },
        spec: { podSelector: { matchLabels: { app: 'db' } }, policyTypes: ['Ingress'] },
      }),
    );
    expect(await here('apply', file)).toMatchObject({
      code: 0,
      out: expect.stringMatching(/shop\/frontend -> shop\/db TCP 5432: allowed becomes denied/),
    });
    expect((await here('explain', 'frontend-0', 'db-0:5432', '--observed')).out).toMatch(
      /dropped by network-policy ingress shop\/mine default/,
    );
    expect((await here('apply', file, '--remove')).out).toMatch(/denied becomes allowed/);
    expect(lab('exec', 'frontend-0', '--', 'sh', '-c', 'exit 7').code).toBe(7);
    expect((await here('exec', 'node-a', '--', 'true')).code).toBe(0);
    expect(await here('chains', '--node', 'node-b')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^\*nat\n[\s\S]*-A KUBE-SVC-\w+ .*shop\/db.*\n[\s\S]*\nCOMMIT\n$/),
      err: expect.stringMatching(/^node node-b/),
    });
    expect(await here('chains', '--node', 'nowhere')).toMatchObject({
      code: 2,
      err: expect.stringMatching(/use one of node-a, node-b/),
    });
    expect(lab('down').code).toBe(0);
  });

  test('works on bare machines too', async () => {
    expect((await here('up', 'linux-1-veth')).code).toBe(0);
    expect((await here('solve')).code).toBe(0);
    expect(lab('exec', 'red', '--', 'ip', '-br', 'link').out).toMatch(/^lo /);
    expect((await here('solve')).out).toMatch(/ip netns add red\n +it said: .*File exists/);
    expect(await here('matrix')).toMatchObject({
      code: 2,
      err: expect.stringMatching(/about Linux itself/),
    });
    expect((await here('down')).code).toBe(0);
  });
});
