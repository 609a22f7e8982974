import { Failure } from '../model/problem';
import { quietSdk } from './aws';
import { type DeployEvent, progressHost } from './deploy-events';

export interface DeployOptions {
  /** Region the toolkit falls back to where a stack names none. */
  readonly region: string;
  readonly onEvent: (event: DeployEvent) => void;
}

/** A stack as it stands after deployment. */
export interface Deployed {
  readonly stack: string;
  readonly outputs: Readonly<Record<string, string>>;
}

/**
 * Deploys every stack of a synthesized assembly, in the order of their dependencies, inside this
 * process. Whoever calls has shown the cost and been told yes: nothing more is asked. Throws a
 * failure whose fix says how to go on; what was deployed until then stays, and expires.
 */
export async function deployAssembly(
  directory: string,
  options: DeployOptions,
): Promise<readonly Deployed[]> {
  const { toolkit, source } = await openAssembly(directory, options);
  try {
    const { stacks } = await toolkit.deploy(source, { concurrency: 1 });
    return stacks.map(({ stackName, outputs }) => ({ stack: stackName, outputs }));
  } catch (error) {
    throw await failureOf(error);
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

/** What the toolkit reports, as something a person can act on; anything else stays as it is. */
async function failureOf(error: unknown): Promise<unknown> {
  const { ToolkitError } = await import('@aws-cdk/toolkit-lib');
  if (!(error instanceof Error)) return error;
  if (ToolkitError.isAuthenticationError(error) || error.name === 'CredentialsProviderError') {
    const fix = 'sign in (aws sso login, or set AWS_PROFILE), then run the same command again';
    return new Failure('no-credentials', error.message, fix, { cause: error });
  }
  if (ToolkitError.isBootstrapError(error) || /bootstrap/i.test(error.message)) {
    const fix = 'npx cdk bootstrap aws://<account>/<region>';
    return new Failure('not-bootstrapped', error.message, fix, { cause: error });
  }
  if (!ToolkitError.isToolkitError(error)) return error;
  const fix = 'run the same command again, or remove what is there: lab down <lab>';
  const problem = error.message.replace(/^\P{L}+/u, '');
  return new Failure('deploy-failed', problem, fix, { cause: error });
}
