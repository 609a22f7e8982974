import {
  HttpMethod,
  type KubeConfig,
  type KubernetesObject,
  KubernetesObjectApi,
  PatchStrategy,
} from '@kubernetes/client-node';

/** Who owns the fields we set (server-side apply); the learner's own fields stay the learner's. */
const FIELD_MANAGER = 'eks-network-labs';

/**
 * The API of any kind of object, in the words of the manifests. The client's models rename fields
 * that are words of JavaScript (a NetworkPolicy's `from` is their `_from`) and leave out what they
 * do not know: a policy sent through them as it was read from YAML would admit everybody.
 */
export class ObjectApi extends KubernetesObjectApi {
  static of(config: KubeConfig): ObjectApi {
    const api = config.makeApiClient(ObjectApi);
    api.setDefaultNamespace(config);
    return api;
  }

  /**
   * Server-side apply of an object exactly as it is written. A field that the API server does not
   * know is refused, never dropped.
   */
  async apply(object: KubernetesObject, keep: 'keep' | 'dry-run'): Promise<KubernetesObject> {
    const path = await this.specUriPath(object, 'patch');
    const request = this.configuration.baseServer.makeRequestContext(path, HttpMethod.PATCH);
    request.setHeaderParam('Accept', 'application/json');
    request.setHeaderParam('Content-Type', PatchStrategy.ServerSideApply);
    request.setQueryParam('fieldManager', FIELD_MANAGER);
    request.setQueryParam('force', 'true');
    request.setQueryParam('fieldValidation', 'Strict');
    if (keep === 'dry-run') request.setQueryParam('dryRun', 'All');
    request.setBody(JSON.stringify(object));
    return this.requestPromise(request);
  }

  /** Answers are left as the server said them. */
  protected override async getSerializationType(): Promise<string> {
    return 'KubernetesObject';
  }
}
