/** What a refused call means for a teardown, by the services' own error codes. */

/**
 * The resource is already deleted: by another person or by an interrupted earlier run. EC2 returns
 * `Invalid<Thing>.NotFound` and the like, the other services `...NotFound...`.
 */
export const isGone = (error: unknown): boolean =>
  /NotFound|NoSuch|^InvalidNetworkInterfaceID|^NatGatewayMalformed|Gateway\.NotAttached|^NotAttached/.test(
    codeOf(error),
  ) || /does not exist|No updates? .* to be deleted/i.test(messageOf(error));

/** Something else must go first, or something is still on its way: try again after other removals. */
export const isBlocked = (error: unknown): boolean =>
  /DependencyViolation|InUse|IncorrectState|IncorrectInstanceState|OperationInProgress|Conflict|Throttl|RequestLimitExceeded|TooManyRequests|SlowDown|PendingVerification|ECONN|EPIPE|Timeout|Internal|Unavailable|ServerException/.test(
    codeOf(error),
  ) ||
  statusOf(error) >= 500 ||
  /has dependencies|currently in use|mapped public address|IN_PROGRESS/i.test(messageOf(error));

const codeOf = (error: unknown): string =>
  error instanceof Error ? `${error.name} ${'code' in error ? String(error.code) : ''}`.trim() : '';

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : '');

function statusOf(error: unknown): number {
  const metadata = error instanceof Error && '$metadata' in error ? error.$metadata : undefined;
  return typeof metadata === 'object' && metadata !== null && 'httpStatusCode' in metadata
    ? Number(metadata.httpStatusCode)
    : 0;
}
