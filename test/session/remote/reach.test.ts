import { createServer } from 'node:net';
import { expectAnswer } from '../../../lib/session/remote/reach';
import { openCluster } from '../../../lib/targets/cluster/cluster';

const at = (port: number) =>
  openCluster({
    kind: 'endpoint',
    server: `https://127.0.0.1:${port}`,
    certificateAuthority: '',
    token: '',
  });
const remote = {
  lab: 'capstone',
  as: 'ana',
  target: 'eks',
  stage: '',
  region: 'us-east-1',
} as const;

test('a cluster that answers is let be, one that does not is told with what to type', async () => {
  const server = createServer();
  const port = await new Promise<number>((done) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      done(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  await expectAnswer(at(port), remote);
  await new Promise((done) => server.close(done));
  await expect(expectAnswer(at(port), remote)).rejects.toMatchObject({
    code: 'cluster-silent',
    message: expect.stringMatching(/cluster of capstone-ana does not answer .*ECONNREFUSED/),
    fix: expect.stringContaining('lab up capstone --target eks --as ana --allowed-cidrs'),
  });
});

test('of a cluster on this machine it is Docker that knows', async () => {
  const { as: _, ...unnamed } = remote;
  const kind = { ...unnamed, target: 'kind', region: '' } as const;
  await expect(expectAnswer(at(1), kind)).rejects.toMatchObject({
    fix: expect.stringContaining('docker ps'),
  });
});
