import { DescribeClusterCommand } from '@aws-sdk/client-eks';
import { SignatureV4 } from '@smithy/signature-v4';
import { Failure } from '../../model/problem';
import type { Aws } from '../aws';
import { unlessGone } from '../collect';

/** What a Kubernetes client needs to talk to an EKS cluster. */
export interface EksAccess {
  readonly server: string;
  /** Base64 PEM. */
  readonly certificateAuthority: string;
  /** Good for 14 minutes. */
  readonly token: string;
}

/**
 * The address, certificate authority and token of a cluster, for the caller's AWS credentials. The AWS CLI is
 * not needed.
 *
 * @throws Failure `no-cluster` if the cluster does not exist or is not active.
 */
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
    token: await eksToken({
      cluster,
      region: aws.region,
      credentials,
      now: new Date(),
      sha256: aws.sts.config.sha256,
    }),
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
  /** The SHA-256 implementation of the AWS SDK: `client.config.sha256`. */
  readonly sha256: Aws['sts']['config']['sha256'];
}

/** The header that names the cluster in the signed request. */
const CLUSTER_HEADER = 'x-k8s-aws-id';

/** How long a token's URL may be used, in seconds. */
const EXPIRES_IN = 60;

/**
 * A bearer token for EKS: the presigned URL of an STS GetCallerIdentity request. EKS sends the request to
 * learn the caller's identity (kubernetes-sigs/aws-iam-authenticator: the header `x-k8s-aws-id` names the
 * cluster, the URL expires after 60 seconds, and the base64url has no padding).
 */
export async function eksToken(request: TokenRequest): Promise<string> {
  const { cluster, region, credentials, now, sha256 } = request;
  const host = `sts.${region}.amazonaws.com`;
  const signer = new SignatureV4({ credentials, region, service: 'sts', sha256 });
  const { query = {} } = await signer.presign(
    {
      method: 'GET',
      protocol: 'https:',
      hostname: host,
      path: '/',
      headers: { host, [CLUSTER_HEADER]: cluster },
      query: { Action: 'GetCallerIdentity', Version: '2011-06-15' },
    },
    { expiresIn: EXPIRES_IN, signingDate: now, unhoistableHeaders: new Set([CLUSTER_HEADER]) },
  );
  const parameters = new URLSearchParams(query as Record<string, string>);
  const url = `https://${host}/?${parameters}`;
  return `k8s-aws-v1.${Buffer.from(url).toString('base64url')}`;
}
