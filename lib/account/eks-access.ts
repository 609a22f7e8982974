import { createHash, createHmac } from 'node:crypto';
import { DescribeClusterCommand } from '@aws-sdk/client-eks';
import { Failure } from '../model/problem';
import type { Aws } from './aws';
import { unlessGone } from './collect';

/** What a Kubernetes client needs to talk to an EKS cluster. */
export interface EksAccess {
  readonly server: string;
  /** Base64 PEM. */
  readonly certificateAuthority: string;
  /** Good for 14 minutes. */
  readonly token: string;
}

/** Opens the door to a cluster with the caller's own AWS credentials; no AWS CLI is needed. */
export async function eksAccess(aws: Aws, cluster: string): Promise<EksAccess> {
  const command = new DescribeClusterCommand({ name: cluster });
  const found = (await unlessGone(aws.eks.send(command)))?.cluster;
  if (found?.status !== 'ACTIVE') {
    const problem = `cluster ${cluster} is ${found?.status ?? 'not there'} in ${aws.region}`;
    throw new Failure('no-cluster', problem, 'lab status says what is there');
  }
  const credentials = await aws.sts.config.credentials();
  return {
    server: found.endpoint ?? '',
    certificateAuthority: found.certificateAuthority?.data ?? '',
    token: eksToken({ cluster, region: aws.region, credentials, now: new Date() }),
  };
}

export interface TokenRequest {
  readonly cluster: string;
  readonly region: string;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
  readonly now: Date;
}

/**
 * A bearer token for EKS: the URL of a signed STS GetCallerIdentity, which EKS calls to learn who
 * asks (kubernetes-sigs/aws-iam-authenticator: the header `x-k8s-aws-id` names the cluster, the URL
 * lives for 60 seconds, its base64url has no padding). Signed as AWS' Signature Version 4 says.
 */
export function eksToken(request: TokenRequest): string {
  const url = signedUrl(request);
  return `k8s-aws-v1.${Buffer.from(url).toString('base64url')}`;
}

function signedUrl({ cluster, region, credentials, now }: TokenRequest): string {
  const host = `sts.${region}.amazonaws.com`;
  const time = now.toISOString().replace(/[-:]|\.\d{3}/g, '');
  const scope = `${time.slice(0, 8)}/${region}/sts/aws4_request`;
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const query = canonicalQuery({
    Action: 'GetCallerIdentity',
    Version: '2011-06-15',
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': `${accessKeyId}/${scope}`,
    'X-Amz-Date': time,
    'X-Amz-Expires': '60',
    ...(sessionToken === undefined ? {} : { 'X-Amz-Security-Token': sessionToken }),
    'X-Amz-SignedHeaders': 'host;x-k8s-aws-id',
  });
  const headers = `host:${host}\nx-k8s-aws-id:${cluster}\n`;
  const canonical = ['GET', '/', query, headers, 'host;x-k8s-aws-id', sha256('')].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n');
  const key = scope.split('/').reduce<Buffer | string>(hmac, `AWS4${secretAccessKey}`);
  const signature = hmac(key, toSign).toString('hex');
  return `https://${host}/?${query}&X-Amz-Signature=${signature}`;
}

/** Names in byte order; everything but unreserved characters as %XX. */
const canonicalQuery = (parameters: Readonly<Record<string, string>>): string =>
  Object.keys(parameters)
    .sort()
    .map((name) => `${encode(name)}=${encode(parameters[name] ?? '')}`)
    .join('&');

const encode = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );

const hmac = (key: Buffer | string, text: string): Buffer =>
  createHmac('sha256', key).update(text).digest();

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
