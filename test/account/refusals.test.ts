import { isBlocked, isGone } from '../../lib/account/refusals';

const error = (name: string, message = '', status = 400): Error =>
  Object.assign(new Error(message), { name, $metadata: { httpStatusCode: status } });

// Codes as the API references of EC2, ELB, EKS, CloudFormation and CloudWatch Logs list them.
test.each([
  'InvalidGroup.NotFound',
  'InvalidVpcID.NotFound',
  'InvalidAllocationID.NotFound',
  'InvalidPermission.NotFound',
  'NatGatewayNotFound',
  'Gateway.NotAttached',
  'LoadBalancerNotFoundException',
  'TargetGroupNotFoundException',
  'ResourceNotFoundException',
])('%s: it is gone', (name) => {
  expect({ gone: isGone(error(name)), blocked: isBlocked(error(name)) }).toEqual({
    gone: true,
    blocked: false,
  });
});

test('CloudFormation says in words that a stack is gone', () => {
  expect(isGone(error('ValidationError', 'Stack with id a-network does not exist'))).toBe(true);
});

test.each([
  ['DependencyViolation', 400],
  ['InvalidNetworkInterface.InUse', 400],
  ['InvalidIPAddress.InUse', 400],
  ['VolumeInUse', 400],
  ['ResourceInUseException', 409],
  ['OperationInProgress', 400],
  ['IncorrectState', 400],
  ['RequestLimitExceeded', 503],
  ['ThrottlingException', 400],
  ['InternalFailure', 500],
  ['ECONNRESET', 0],
  ['TimeoutError', 0],
])('%s: try again after others', (name, status) => {
  const seen = error(name, '', status);
  expect({ gone: isGone(seen), blocked: isBlocked(seen) }).toEqual({ gone: false, blocked: true });
});

// A gateway in front of a service answers without the service's code: the SDK names it so.
test.each([
  [499, false],
  [500, true],
  [503, true],
])('status %i without a known code: try again after others is %s', (status, blocked) => {
  expect(isBlocked(error('UnknownError', '', status))).toBe(blocked);
});

test.each([
  'UnauthorizedOperation',
  'AccessDenied',
  'OperationNotPermitted',
  'InvalidParameterValue',
])('%s: no waiting cures it', (name) => {
  const seen = error(name, 'You are not authorized', 403);
  expect({ gone: isGone(seen), blocked: isBlocked(seen) }).toEqual({ gone: false, blocked: false });
});
