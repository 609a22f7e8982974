import type { HttpBackend, HttpForward, HttpTarget } from '../../model/http';
import type { HttpEndpoint, HttpRequest, HttpShare } from '../../model/http-decision';
import type { World } from '../../model/world';
import { changedHeaders, changedPath } from './change';

/** A backend's share of the requests: its weight over the sum of all (Gateway API: BackendRef). */
export function sharesOf(
  world: World,
  { backends, request, rewrite }: HttpForward,
  asked: HttpRequest,
): readonly HttpShare[] {
  const total = backends.reduce((sum, { weight }) => sum + weight, 0);
  if (total === 0) {
    return [{ kind: 'status', share: 1, status: 500, reason: 'the rule has no backend' }];
  }
  const path = rewrite?.path === undefined ? asked.path : changedPath(asked.path, rewrite.path);
  const sent: HttpRequest = {
    ...asked,
    path,
    host: rewrite?.hostname ?? asked.host,
    headers: changedHeaders(asked.headers, request),
  };
  return backends
    .filter(({ weight }) => weight > 0)
    .map((backend) => shareOf(world, backend, { share: backend.weight / total, sent }));
}

function shareOf(
  world: World,
  { target, request }: HttpBackend,
  { share, sent }: { readonly share: number; readonly sent: HttpRequest },
): HttpShare {
  const received = { ...sent, headers: changedHeaders(sent.headers, request) };
  return targetShare(world, target, { share, received });
}

/** What stands behind a target: endpoints, or the status that is answered in place of them. */
export function targetShare(
  world: World,
  target: HttpTarget,
  { share, received }: { readonly share: number; readonly received: HttpRequest },
): HttpShare {
  if (target.kind === 'status') {
    return { kind: 'status', share, status: target.status, reason: target.why };
  }
  const service = `${target.namespace}/${target.name}`;
  const found = world.services.find(({ namespace, name }) => `${namespace}/${name}` === service);
  const port = found?.ports.find((one) => one.port === target.port || one.name === target.port);
  const ready = (port?.backends ?? []).filter((one) => one.ready);
  if (ready.length === 0) {
    return {
      kind: 'status',
      share,
      status: 503,
      reason: `Service ${service} has no ready endpoint`,
    };
  }
  const endpoints = ready.map(
    ({ address, port: number }): HttpEndpoint => ({ address, port: number }),
  );
  return { kind: 'endpoints', share, service, endpoints, received };
}
