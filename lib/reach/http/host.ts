import type { HttpListener, HttpProxy } from '../../model/http';

/** The name in a Host header: lower case, without a port. */
export const nameInHost = (host: string): string =>
  host.toLowerCase().replace(/:\d+$/, '').replace(/\.$/, '');

/**
 * Does a host pattern match a name? `*.` stands for one label in an Ingress (Kubernetes: Ingress,
 * hostname wildcards), for one or more in Gateway API (Hostname); a load balancer's host-header
 * condition is a glob (ELB guide: host conditions).
 */
export function matchesHost(pattern: string, name: string, kind: HttpProxy['kind']): boolean {
  const wanted = pattern.toLowerCase();
  if (kind === 'alb') return globPattern(wanted).test(name);
  if (!wanted.startsWith('*.')) return wanted === name;
  const suffix = wanted.slice(1);
  if (!name.endsWith(suffix) || name.length === suffix.length) return false;
  return kind === 'gateway' || !name.slice(0, -suffix.length).includes('.');
}

/**
 * The listener of a port that serves a name: the one with the most specific host name that matches
 * (Gateway API: Listener, "MOST specific Listener").
 */
export function listenerFor(
  listeners: readonly HttpListener[],
  name: string,
): HttpListener | undefined {
  const serving = listeners.filter(
    ({ hostname }) => hostname === undefined || matchesHost(hostname, name, 'gateway'),
  );
  return serving.toSorted((a, b) => hostRank(b.hostname) - hostRank(a.hostname))[0];
}

/** How specific a host name is: names before wildcards, longer before shorter, none last. */
export const hostRank = (host: string | undefined): number => {
  if (host === undefined) return 0;
  return host.startsWith('*') ? host.length : 1000 + host.length;
};

/** A glob as an expression: `*` is any number of characters, `?` is one. */
export const globPattern = (glob: string): RegExp =>
  new RegExp(
    `^${glob
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
    'is',
  );
