import { Failure } from '../../model/problem';
import { quietSdk } from '../aws';
import { type DeployEvent, progressHost } from './events';
import { trackFirstFailure } from './first-failure';

export interface DeployOptions {
  /** Region the toolkit falls back to where a stack names none. */
  readonly region: string;
  /** The account, where the caller knows it: commands in a failure's fix name it. */
  readonly account?: string;
  /** What to type to go on after a failure, and to remove what was deployed until then. */
  readonly commands?: { readonly again: string; readonly remove: string };
  readonly onEvent: (event: DeployEvent) => void;
}

/** A stack as it stands after deployment. */
export interface Deployed {
  readonly stack: string;
  readonly outputs: Readonly<Record<string, string>>;
}

/**
 * Deploys every stack of a synthesized assembly, in the order of their dependencies, inside this
 * process. The caller has shown the cost and has confirmation: there are no further questions. Throws a
 * failure whose fix says how to go on; what was deployed until then stays, and expires.
 */
export async function deployAssembly(
  directory: string,
  options: DeployOptions,
): Promise<readonly Deployed[]> {
  const first = trackFirstFailure();
  const onEvent = (event: DeployEvent): void => {
    first.note(event);
    options.onEvent(event);
  };
  const { toolkit, source } = await openAssembly(directory, { ...options, onEvent });
  try {
    const { stacks } = await toolkit.deploy(source, { concurrency: 1 });
    return stacks.map(({ stackName, outputs }) => ({ stack: stackName, outputs }));
  } catch (error) {
    throw await deployFailure(error, { ...options, cause: first.text() });
  }
}

/** The stacks of a synthesized assembly, in the order they would be deployed. */
export async function stacksOfAssembly(
  directory: string,
  options: DeployOptions,
): Promise<readonly string[]> {
  const { toolkit, source } = await openAssembly(directory, options);
  return (await toolkit.list(source)).map(({ name }) => name);
}

/** Loaded when needed: the toolkit is larger than the rest of the tool. */
async function openAssembly(directory: string, { region, onEvent }: DeployOptions) {
  quietSdk();
  const { BaseCredentials, Toolkit } = await import('@aws-cdk/toolkit-lib');
  const toolkit = new Toolkit({
    ioHost: progressHost(onEvent),
    color: false,
    emojis: false,
    sdkConfig: { baseCredentials: BaseCredentials.awsCliCompatible({ defaultRegion: region }) },
  });
  const source = await toolkit.fromAssemblyDirectory(directory, { failOnMissingContext: true });
  return { toolkit, source };
}

/**
 * What the toolkit reports, as a failure with a fix that can be typed as it is; anything else stays as
 * it is. `cause` is what failed first in the account.
 */
export async function deployFailure(
  error: unknown,
  options: Omit<DeployOptions, 'onEvent'> & { readonly cause: string | undefined },
): Promise<unknown> {
  const { ToolkitError } = await import('@aws-cdk/toolkit-lib');
  if (!(error instanceof Error)) return error;
  if (ToolkitError.isAuthenticationError(error) || error.name === 'CredentialsProviderError') {
    const fix = 'sign in (aws sso login, or set AWS_PROFILE), then run the same command again';
    return new Failure('no-credentials', error.message, fix, { cause: error });
  }
  if (ToolkitError.isBootstrapError(error) || /bootstrap/i.test(error.message)) {
    const { account, region } = options;
    // Without an environment the CLI takes the account of the credentials.
    const fix = `npx cdk bootstrap${account === undefined ? '' : ` aws://${account}/${region}`}`;
    return new Failure('not-bootstrapped', error.message, fix, { cause: error });
  }
  if (!ToolkitError.isToolkitError(error)) return error;
  const { again = 'run the same command again', remove } = options.commands ?? {};
  const fix = `${again} goes on from here${remove === undefined ? '' : `; ${remove} removes what is there`}`;
  const problem = options.cause ?? error.message.replace(/^\P{L}+/u, '');
  return new Failure('deploy-failed', problem, fix, { cause: error });
}
