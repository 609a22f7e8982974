import { STSClient } from '@aws-sdk/client-sts';
import { eksToken } from '../../../lib/account/deploy/eks-access';

const now = new Date('2026-11-21T18:00:00.123Z');
const keys = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCY' };
const { sha256 } = new STSClient({ region: 'eu-west-1' }).config;

/** Signatures of a second implementation, written from the description of Signature Version 4 in AWS' documentation. */
test.each([
  ['long-lived keys', keys, 'd5774483f81d5dbb74d1d538f1621afb0ff2deb26c8a990c05fc033be2926d90'],
  [
    'a session',
    { ...keys, sessionToken: 'IQoJb3JpZ2luX2VjE/+w==' },
    'edd9974f40962a5236e884e5bdb30622100318a1c6dd95b39db28da6d799e031',
  ],
])(
  'with %s the token is a signed GetCallerIdentity of one minute',
  async (_, credentials, signature) => {
    const request = { cluster: 'capstone', region: 'eu-west-1', credentials, now, sha256 };
    const token = await eksToken(request);

    expect(token).toMatch(/^k8s-aws-v1\.[\w-]+$/);
    const url = new URL(Buffer.from(token.slice('k8s-aws-v1.'.length), 'base64url').toString());
    expect(url.origin).toBe('https://sts.eu-west-1.amazonaws.com');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      Action: 'GetCallerIdentity',
      Version: '2011-06-15',
      'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
      'X-Amz-Credential': 'AKIDEXAMPLE/20261121/eu-west-1/sts/aws4_request',
      'X-Amz-Date': '20261121T180000Z',
      'X-Amz-Expires': '60',
      'X-Amz-SignedHeaders': 'host;x-k8s-aws-id',
      ...('sessionToken' in credentials && { 'X-Amz-Security-Token': credentials.sessionToken }),
      'X-Amz-Signature': signature,
    });
  },
);

test('the token names its cluster in the signature', async () => {
  const request = { cluster: 'capstone', region: 'eu-west-1', credentials: keys, now, sha256 };
  expect(await eksToken({ ...request, cluster: 'other' })).not.toBe(await eksToken(request));
});
