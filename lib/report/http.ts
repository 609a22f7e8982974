import type { Explanation, Verdict } from '../model/explanation';
import { formatEnd } from '../model/flow';
import type { HttpListener, HttpProxy, HttpRule } from '../model/http';
import type { HttpDecision, HttpRequest, HttpShare } from '../model/http-decision';
import { flowText } from './comparison';
import { paintVerdict } from './explanation';
import type { Palette } from './palette';

/** What a report about a request is made from. */
export interface ExplainedRequest {
  readonly question: { readonly from: Explanation['flow']['from']; readonly request: HttpRequest };
  readonly proxy?: HttpProxy;
  readonly decision: HttpDecision;
  readonly toProxy?: Explanation;
  readonly toEndpoints: readonly Explanation[];
}

/** A request for a person: what answers it, which rule decided, and each connection on the way. */
export function requestText(explained: ExplainedRequest, palette: Palette): string {
  const { question, proxy, decision, toProxy, toEndpoints } = explained;
  const { method, scheme, host, path, query } = question.request;
  const url = `${scheme}://${host}${path}${query === '' ? '' : `?${query}`}`;
  const title = `${formatEnd(question.from)} ${method} ${url}: ${outcomeText(decision)}`;
  const connections = [...(toProxy === undefined ? [] : [toProxy]), ...toEndpoints];
  return [
    palette.strong(title),
    ...(proxy === undefined ? [] : [`  proxy ${proxy.id}${whereText(proxy)}`]),
    ...ruleLines(decision),
    ...(connections.length === 0 ? [] : ['', palette.quiet('connections')]),
    ...connections.flatMap((one) => connectionLines(one, palette)),
  ].join('\n');
}

/** The same as a value for `--json`. */
export const requestAnswer = ({
  question,
  proxy,
  decision,
  toProxy,
  toEndpoints,
}: ExplainedRequest) => ({
  from: formatEnd(question.from),
  request: question.request,
  ...(proxy !== undefined && { proxy: proxy.id }),
  ...decisionAnswer(decision),
  connections: [...(toProxy === undefined ? [] : [toProxy]), ...toEndpoints].map(
    ({ flow, verdict, by }) => ({ flow: flowText(flow), verdict, by }),
  ),
});

function decisionAnswer(decision: HttpDecision): object {
  const at = {
    ...('listener' in decision && decision.listener && { listener: decision.listener.name }),
    ...('rule' in decision && decision.rule && { rule: decision.rule.source }),
  };
  switch (decision.kind) {
    case 'refused':
    case 'unknown':
      return { outcome: decision.kind, reason: decision.reason };
    case 'answered':
      return {
        outcome: 'answered',
        status: decision.status,
        reason: decision.reason,
        ...(decision.location !== undefined && { location: decision.location }),
        ...at,
      };
    case 'forwarded':
      return { outcome: 'forwarded', ...at, shares: decision.shares, mirrors: decision.mirrors };
  }
}

function outcomeText(decision: HttpDecision): string {
  switch (decision.kind) {
    case 'refused':
      return 'no connection';
    case 'unknown':
      return 'UNKNOWN';
    case 'answered': {
      const to = decision.location === undefined ? '' : ` to ${decision.location}`;
      return `status ${decision.status}${to}`;
    }
    case 'forwarded':
      return decision.shares.map(shareText).join(', ');
  }
}

const percent = (share: number): string => `${Number((share * 100).toFixed(1))} %`;

const shareText = (share: HttpShare): string =>
  share.kind === 'status'
    ? `${percent(share.share)} status ${share.status}`
    : `${percent(share.share)} ${share.service}`;

const whereText = ({ pods, hosts }: HttpProxy): string => {
  const where = [...pods, ...hosts];
  return where.length === 0 ? '' : ` (${where.join(', ')})`;
};

function ruleLines(decision: HttpDecision): readonly string[] {
  if (decision.kind === 'refused' || decision.kind === 'unknown') return [`  ${decision.reason}`];
  const { listener, rule } = decision;
  const statuses =
    decision.kind === 'answered'
      ? [`  ${decision.reason}`]
      : decision.shares.flatMap((share) =>
          share.kind === 'status' ? [`  ${share.status}: ${share.reason}`] : receivedLines(share),
        );
  const mirrors = decision.kind === 'forwarded' ? decision.mirrors : [];
  return [
    ...(listener === undefined ? [] : [`  listener ${listenerText(listener)}`]),
    `  ${rule === undefined ? 'no rule matches' : `rule ${ruleText(rule)}`}`,
    ...statuses,
    ...mirrors.map((one) => `  copies: ${shareText(one)}`),
  ];
}

const listenerText = ({ name, port, protocol, hostname }: HttpListener): string =>
  `${name} (${protocol} ${port}${hostname === undefined ? '' : `, ${hostname}`})`;

const ruleText = ({ source, hosts }: HttpRule): string => {
  const { kind, namespace, name, place } = source;
  return `${kind} ${namespace}/${name} ${place}${hosts.length === 0 ? '' : ` for ${hosts.join(', ')}`}`;
};

function receivedLines(share: Extract<HttpShare, { kind: 'endpoints' }>): readonly string[] {
  const { received, service, endpoints } = share;
  const { host, path, query } = received;
  const target = `${path}${query === '' ? '' : `?${query}`}`;
  const where = endpoints.map(({ address, port }) => `${address}:${port}`).join(', ');
  return [`  ${service} receives ${received.method} ${target} for ${host} at ${where}`];
}

const connectionLines = ({ flow, verdict, by }: Explanation, palette: Palette) => [
  `  ${flowText(flow)}: ${paintVerdict(verdict satisfies Verdict, palette)}`,
  ...by.map(({ because }) => `    ${because}`),
];

/** What proxies open, a line each port; nothing where there is no proxy. */
export function openingsText(openings: readonly HttpOpening[], palette: Palette): string {
  if (openings.length === 0) return '';
  const lines = openings.map(({ proxy, port, protocol, services, callers, tried }) => {
    const to = services.length === 0 ? 'no Service' : services.join(', ');
    const all = callers.length === tried;
    const who = all ? 'every caller' : `${callers.length} of ${tried} callers`;
    const names = all || callers.length === 0 ? '' : ` (${callers.join(', ')})`;
    return `  ${proxy} ${protocol} ${port} opens ${to} to ${who}${names}`;
  });
  return ['', palette.quiet('HTTP proxies'), ...lines].join('\n');
}

/** A port of a proxy as a report shows it. */
export interface HttpOpening {
  readonly proxy: string;
  readonly port: number;
  readonly protocol: string;
  readonly services: readonly string[];
  readonly callers: readonly string[];
  readonly tried: number;
}
