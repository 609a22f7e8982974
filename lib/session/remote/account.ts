import { type Aws, openAws } from '../../account/aws';
import { Failure } from '../../model/problem';
import { awsFailure } from './aws-failure';

/** Partition, place and number, such as `us-gov-east-1` (AWS General Reference, "Regions"). */
const REGION = /^[a-z]{2,4}(-[a-z]{2,12}){1,3}-\d{1,2}$/;

/** Where in AWS. */
export interface AwsPlace {
  readonly region: string;
  /** An emulator instead of AWS. */
  readonly endpoint?: string | undefined;
}

/**
 * Uses the clients of an account with the caller's credentials, and closes them.
 * @throws Failure `bad-region`, or `no-credentials`, `no-aws` or `aws-refused` where AWS cannot be used from here
 */
export async function withAws<T>(
  { region, endpoint }: AwsPlace,
  use: (aws: Aws) => Promise<T>,
): Promise<T> {
  if (!REGION.test(region)) {
    const fix = 'set AWS_REGION, or give --region, such as --region eu-west-1';
    throw new Failure('bad-region', `'${region}' is not the name of an AWS region`, fix);
  }
  const aws = openAws({ region, ...(endpoint !== undefined && { endpoint }) });
  try {
    return await use(aws);
  } catch (error) {
    throw awsFailure(error);
  } finally {
    aws.close();
  }
}
