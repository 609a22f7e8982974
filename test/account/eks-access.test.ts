import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import { eksToken } from '../../lib/account/eks-access';

const now = new Date('2026-11-21T18:00:00.123Z');
const keys = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCY' };

/** Node's own SHA-256 in the shape that AWS' signer wants. */
class Sha256 {
  private readonly hash;
  constructor(key?: string | Uint8Array) {
    this.hash = key === undefined ? createHash('sha256') : createHmac('sha256', key);
  }
  update(data: string | Uint8Array): void {
    this.hash.update(data);
  }
  async digest(): Promise<Uint8Array> {
    return this.hash.digest();
  }
}

test.each([
  ['long-lived keys', keys],
  ['a session', { ...keys, sessionToken: 'IQoJb3JpZ2luX2VjE/+w==' }],
])("with %s the token is what AWS' own signer makes of it", async (_, credentials) => {
  const signer = new SignatureV4({
    ...{ credentials, region: 'eu-west-1', service: 'sts', sha256: Sha256 as never },
  });
  const signed = await signer.presign(
    {
      method: 'GET',
      protocol: 'https:',
      hostname: 'sts.eu-west-1.amazonaws.com',
      path: '/',
      headers: { host: 'sts.eu-west-1.amazonaws.com', 'x-k8s-aws-id': 'capstone' },
      query: { Action: 'GetCallerIdentity', Version: '2011-06-15' },
    },
    { expiresIn: 60, signingDate: now, unhoistableHeaders: new Set(['x-k8s-aws-id']) },
  );

  const token = eksToken({ cluster: 'capstone', region: 'eu-west-1', credentials, now });
  expect(token).toMatch(/^k8s-aws-v1\.[\w-]+$/);
  const url = new URL(Buffer.from(token.slice('k8s-aws-v1.'.length), 'base64url').toString());
  expect(url.host).toBe('sts.eu-west-1.amazonaws.com');
  expect(Object.fromEntries(url.searchParams)).toEqual(signed.query);
});
