import { Failure } from '../model/problem';

const CREDENTIALS = new Set([
  'CredentialsProviderError',
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidClientTokenId',
  'UnrecognizedClientException',
  'AuthFailure',
]);

const NETWORK = new Set(['ENOTFOUND', 'ECONNREFUSED', 'EAI_AGAIN', 'ETIMEDOUT', 'TimeoutError']);

/** An error of an AWS call as a failure that a person can act on; anything else as it came. */
export function awsFailure(error: unknown): unknown {
  const { name = '', code = '', message = '' } = error as Partial<Record<string, string>>;
  if (CREDENTIALS.has(name)) {
    const fix = 'aws sso login, or set AWS_PROFILE; then aws sts get-caller-identity must answer';
    return new Failure('no-credentials', `AWS knows nobody here: ${message}`, fix, {
      cause: error,
    });
  }
  if (NETWORK.has(code) || NETWORK.has(name)) {
    const fix = 'check the network and --region, then say the same again: nothing was lost';
    return new Failure('no-aws', `AWS cannot be reached: ${message || code}`, fix, {
      cause: error,
    });
  }
  return error;
}
