import { Failure } from '../../model/problem';

const CREDENTIALS = new Set([
  'CredentialsProviderError',
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidClientTokenId',
  'UnrecognizedClientException',
  'AuthFailure',
]);

const NETWORK = new Set(['ENOTFOUND', 'ECONNREFUSED', 'EAI_AGAIN', 'ETIMEDOUT', 'TimeoutError']);

/** Signatures that AWS takes for too old, too new or wrong; the clock is the usual reason. */
const CLOCK = new Set([
  'RequestTimeTooSkewed',
  'RequestExpired',
  'RequestInTheFuture',
  'SignatureDoesNotMatch',
  'InvalidSignatureException',
]);

/** An error of an AWS call as a failure that a person can act on; anything else as it came. */
export function awsFailure(error: unknown): unknown {
  const { name = '', code = '', message = '' } = error as Partial<Record<string, string>>;
  if (CREDENTIALS.has(name)) {
    const fix = 'aws sso login, or set AWS_PROFILE; then aws sts get-caller-identity must answer';
    return new Failure('no-credentials', `no valid AWS credentials: ${message}`, fix, {
      cause: error,
    });
  }
  if (NETWORK.has(code) || NETWORK.has(name)) {
    const fix = 'check the network and --region, then run the same command again: nothing was lost';
    return new Failure('no-aws', `AWS cannot be reached: ${message || code}`, fix, {
      cause: error,
    });
  }
  if (CLOCK.has(name)) {
    const fix = "compare the machine's clock with the time, then check the secret access key";
    return new Failure('no-credentials', `AWS refused the signature: ${name}`, fix, {
      cause: error,
    });
  }
  if (isAnswer(error)) {
    const fix = 'check --region, --endpoint and the permissions in lib/account/README.md';
    return new Failure('aws-refused', `AWS answered: ${name}: ${firstLine(message)}`, fix, {
      cause: error,
    });
  }
  return error;
}

/** The SDK marks what came from an answer, also one that it could not read, such as an HTML page. */
const isAnswer = (error: unknown): boolean =>
  typeof error === 'object' &&
  error !== null &&
  ('$metadata' in error || '$response' in error || '$fault' in error);

const firstLine = (text: string): string => (text.split('\n')[0] ?? '').slice(0, 200);
