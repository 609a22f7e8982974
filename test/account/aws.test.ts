import { openAws } from '../../lib/account/aws';

/** Where the EC2 client sends its calls; `undefined`: to AWS, as the region says. */
async function endpointOf(endpoint?: string): Promise<string | undefined> {
  const aws = openAws({
    region: 'eu-west-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    ...(endpoint !== undefined && { endpoint }),
  });
  const chosen = await aws.ec2.config.endpoint?.();
  aws.close();
  return chosen && `${chosen.protocol}//${chosen.hostname}:${chosen.port}`;
}

test('an endpoint that is given takes the calls, and none leaves them to AWS', async () => {
  expect(await endpointOf('http://127.0.0.1:4566')).toBe('http://127.0.0.1:4566');
  expect(await endpointOf()).toBeUndefined();
});
