import { contains } from '../../model/address';
import type { HttpAction, HttpClients, HttpListener, HttpProxy, HttpRule } from '../../model/http';
import type { HttpDecision, HttpRequest, HttpShare } from '../../model/http-decision';
import type { World } from '../../model/world';
import { sharesOf, targetShare } from './backend';
import { locationOf } from './change';
import { listenerFor, nameInHost } from './host';
import { matchesRule } from './match';
import { servingRule } from './precedence';

/** What becomes of a request at a proxy: which listener, rule and backend, or which answer. */
export function decide(world: World, proxy: HttpProxy, request: HttpRequest): HttpDecision {
  const protocol = request.scheme === 'https' ? 'HTTPS' : 'HTTP';
  const atPort = proxy.listeners.filter(
    (one) => one.port === request.port && one.protocol === protocol,
  );
  if (atPort.length === 0) {
    return {
      kind: 'refused',
      reason: `${proxy.id} has no ${protocol} listener at ${request.port}`,
    };
  }
  const name = nameInHost(request.host);
  const listener = listenerFor(atPort, name);
  if (protocol === 'HTTPS') {
    const connected = listenerFor(atPort, nameInHost(request.serverName ?? request.host));
    if (connected === undefined) {
      return {
        kind: 'refused',
        reason: `no listener of ${proxy.id} has a certificate for ${name}`,
      };
    }
    if (listener !== undefined && connected !== listener) {
      return {
        kind: 'answered',
        status: 421,
        reason: `listener ${listener.name} serves ${name}, and TLS asked for ${connected.name}`,
        listener: connected,
      };
    }
  }
  if (listener === undefined) {
    const reason = `no listener of ${proxy.id} at ${request.port} serves ${name}`;
    return { kind: 'answered', status: 404, reason };
  }
  return decideAt(world, { proxy, listener }, request);
}

interface Place {
  readonly proxy: HttpProxy;
  readonly listener: HttpListener;
}

function decideAt(world: World, { proxy, listener }: Place, request: HttpRequest): HttpDecision {
  const matching: HttpRule[] = [];
  for (const rule of listener.rules) {
    const matches = matchesRule(rule, request, proxy.kind);
    if (matches === 'unknown') {
      const { kind, namespace, name, place } = rule.source;
      const reason = `${kind} ${namespace}/${name} ${place} asks for the client's address, which is not given`;
      return { kind: 'unknown', reason };
    }
    if (matches === 'yes') matching.push(rule);
  }
  const rule = servingRule(matching, nameInHost(request.host), proxy.kind);
  const admitted = isAdmitted(rule?.clients, request);
  if (admitted === 'unknown') {
    return { kind: 'unknown', reason: 'the rule admits clients by address, which is not given' };
  }
  if (rule !== undefined && admitted === 'no') {
    return {
      kind: 'answered',
      status: 403,
      reason: 'the rule does not admit this client',
      listener,
      rule,
    };
  }
  return carryOut(world, { listener, rule, action: rule?.action ?? listener.otherwise }, request);
}

function isAdmitted(
  clients: HttpClients | undefined,
  { client }: HttpRequest,
): 'yes' | 'no' | 'unknown' {
  if (clients === undefined) return 'yes';
  if (client === undefined) return 'unknown';
  const { allowed, denied } = clients;
  if (denied.some((block) => contains(block, client))) return 'no';
  return allowed.length === 0 || allowed.some((block) => contains(block, client)) ? 'yes' : 'no';
}

interface Carried {
  readonly listener: HttpListener;
  readonly rule: HttpRule | undefined;
  readonly action: HttpAction;
}

function carryOut(
  world: World,
  { listener, rule, action }: Carried,
  request: HttpRequest,
): HttpDecision {
  const at = { listener, ...(rule !== undefined && { rule }) };
  switch (action.kind) {
    case 'reply': {
      const reason = action.why ?? (rule === undefined ? 'no rule matches' : 'the rule answers it');
      const body = action.body === undefined ? {} : { body: action.body };
      return { kind: 'answered', status: action.status, reason, ...at, ...body };
    }
    case 'redirect': {
      const location = locationOf(action, request);
      return {
        kind: 'answered',
        status: action.status,
        reason: 'the rule redirects',
        location,
        ...at,
      };
    }
    case 'forward': {
      const shares = sharesOf(world, action, request);
      const mirrors = action.mirrors.map(
        ({ backend, share }): HttpShare =>
          targetShare(world, backend, { share, received: request }),
      );
      return { kind: 'forwarded', listener, rule, shares, mirrors };
    }
  }
}
