import { type Cidr, formatCidr, type Ip } from '../../model/address';
import type { HttpListener, HttpProxy } from '../../model/http';
import type { World } from '../../model/world';
import type { HttpCertificate } from '../commands/command';
import { virtualHosts } from './envoy-hosts';
import type { EnvoyMessage } from './envoy-match';
import { actionsOf, clustersFor, familiesOf } from './http-backends';

/** What Envoy is started with. */
export interface EnvoyConfig {
  /** The static bootstrap, as JSON (envoy.config.bootstrap.v3.Bootstrap). */
  readonly bootstrap: string;
  readonly certificates: readonly HttpCertificate[];
  /** TCP ports that it listens on. */
  readonly ports: readonly number[];
}

/** Envoy's configuration for a proxy that has these addresses. */
export function envoyConfig(world: World, proxy: HttpProxy, addresses: readonly Ip[]): EnvoyConfig {
  const ports = [...new Set(proxy.listeners.map(({ port }) => port))];
  const secure = proxy.listeners.filter(({ protocol }) => protocol === 'HTTPS');
  const certificates = secure.map((one) => ({ file: fileOf(one), hosts: namesOf(one) }));
  const actions = proxy.listeners.flatMap(actionsOf);
  const bootstrap = {
    static_resources: {
      listeners: ports.map((port) => listenerAt(port, { world, proxy, addresses })),
      clusters: clustersFor(world, actions),
    },
  };
  return { bootstrap: JSON.stringify(bootstrap, null, 1), certificates, ports };
}

const fileOf = ({ name, port }: HttpListener): string =>
  `${name.replace(/[^a-z0-9-]/gi, '-')}-${port}`;

/** Names for the certificate of a listener: its own, else those that its rules serve. */
function namesOf({ hostname, rules }: HttpListener): readonly string[] {
  const served = rules.flatMap(({ hosts }) => hosts);
  const names = hostname === undefined ? served : [hostname, ...served];
  const known = [...new Set(names)].filter((name) => /^(\*\.)?[a-z0-9.-]+$/i.test(name));
  return known.length > 0 ? known : ['localhost'];
}

interface Served {
  readonly world: World;
  readonly proxy: HttpProxy;
  readonly addresses: readonly Ip[];
}

function listenerAt(port: number, served: Served): EnvoyMessage {
  const { proxy, addresses } = served;
  const listeners = proxy.listeners.filter((one) => one.port === port);
  const families = familiesOf(addresses);
  const isTls = listeners.some(({ protocol }) => protocol === 'HTTPS');
  const blocks = blocksOf(listeners);
  const connected = isTls ? listeners : [undefined];
  return {
    name: `port-${port}`,
    address: {
      socket_address: {
        address: families.has(6) ? '::' : '0.0.0.0',
        port_value: port,
        ...(families.has(6) && families.has(4) && { ipv4_compat: true }),
      },
    },
    ...(isTls && {
      listener_filters: [extension('envoy.filters.listener.tls_inspector', TLS_INSPECTOR, {})],
    }),
    filter_chains: connected.flatMap((listener) =>
      [undefined, ...blocks].map((client) => chain({ listeners, listener, client }, served)),
    ),
  };
}

/** Every block of clients that rules name: Envoy takes the chain of the most specific one. */
function blocksOf(listeners: readonly HttpListener[]): readonly Cidr[] {
  const named = listeners.flatMap(({ rules }) =>
    rules.flatMap(({ match, clients }) => [
      ...(match.clients ?? []),
      ...(clients?.allowed ?? []),
      ...(clients?.denied ?? []),
    ]),
  );
  return [...new Map(named.map((block) => [formatCidr(block), block])).values()];
}

interface ChainInput {
  readonly listeners: readonly HttpListener[];
  readonly listener: HttpListener | undefined;
  readonly client: Cidr | undefined;
}

function chain(
  { listeners, listener, client }: ChainInput,
  { world, proxy }: Served,
): EnvoyMessage {
  const source = client && { address_prefix: client.address, prefix_len: client.prefix };
  const name = listener?.hostname?.toLowerCase();
  const hosts = virtualHosts({
    world,
    kind: proxy.kind,
    listeners,
    ...(listener !== undefined && { connected: listener }),
    ...(client !== undefined && { client }),
  });
  return {
    filter_chain_match: {
      ...(name !== undefined && { server_names: [name] }),
      ...(source !== undefined && { source_prefix_ranges: [source] }),
    },
    filters: [
      extension('envoy.filters.network.http_connection_manager', CONNECTION_MANAGER, {
        ...manager(),
        route_config: {
          virtual_hosts: hosts,
          ignore_port_in_host_matching: true,
          ...forwardedPort(proxy, listeners),
        },
      }),
    ],
    ...(listener !== undefined && { transport_socket: tls(fileOf(listener)) }),
  };
}

const TYPE = 'type.googleapis.com/';
const CONNECTION_MANAGER =
  'envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager';
const TLS_INSPECTOR = 'envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector';
const ROUTER = 'envoy.extensions.filters.http.router.v3.Router';
const TLS = 'envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext';

const extension = (name: string, type: string, config: EnvoyMessage): EnvoyMessage => ({
  name,
  typed_config: { '@type': `${TYPE}${type}`, ...config },
});

/**
 * As proxies of Ingress, Gateway API and load balancers behave: the Host stays, the client's
 * address is appended to X-Forwarded-For, connections may be upgraded, bodies have no limit. An
 * endpoint that cannot be connected to is 504, as an ALB says it.
 */
const manager = (): EnvoyMessage => ({
  stat_prefix: 'http',
  use_remote_address: true,
  generate_request_id: false,
  server_header_transformation: 'PASS_THROUGH',
  http_protocol_options: { accept_http_10: true },
  upgrade_configs: [{ upgrade_type: 'websocket' }],
  local_reply_config: {
    mappers: [{ filter: { response_flag_filter: { flags: ['UF'] } }, status_code: 504 }],
  },
  http_filters: [extension('envoy.filters.http.router', ROUTER, { suppress_envoy_headers: true })],
});

/** An ALB names the port that the client used (ELB guide: X-Forwarded headers). */
function forwardedPort({ kind }: HttpProxy, [first]: readonly HttpListener[]): EnvoyMessage {
  if (kind !== 'alb' || first === undefined) return {};
  const header = { key: 'x-forwarded-port', value: String(first.port) };
  return {
    request_headers_to_add: [{ header, append_action: 'OVERWRITE_IF_EXISTS_OR_ADD' }],
  };
}

const tls = (file: string): EnvoyMessage =>
  extension('envoy.transport_sockets.tls', TLS, {
    common_tls_context: {
      alpn_protocols: ['h2', 'http/1.1'],
      tls_certificates: [
        {
          certificate_chain: { filename: `${file}.pem` },
          private_key: { filename: `${file}.key` },
        },
      ],
    },
  });
