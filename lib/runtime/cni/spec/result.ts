/** What ADD answers (CNI specification 1.1, section 5). */
export interface CniResult {
  readonly cniVersion?: string;
  readonly interfaces?: readonly CniInterface[];
  readonly ips?: readonly CniIp[];
  readonly routes?: readonly CniRoute[];
  readonly dns?: CniDns;
}

/** How names are resolved (types.DNS of the CNI project). */
export interface CniDns {
  readonly nameservers?: readonly string[];
  readonly domain?: string;
  readonly search?: readonly string[];
  readonly options?: readonly string[];
}

export interface CniInterface {
  readonly name: string;
  /** Podman refuses a result with an interface that has none. */
  readonly mac: string;
  readonly mtu?: number;
  /** The container's namespace as the runtime named it; empty on the host. */
  readonly sandbox?: string;
}

export interface CniIp {
  /** With its prefix. */
  readonly address: string;
  readonly gateway?: string;
  /** PodWiring in `interfaces`. */
  readonly interface?: number;
  /** `4` or `6`, before version 1.0. */
  readonly version?: string;
}

export interface CniRoute {
  readonly dst: string;
  readonly gw?: string;
}

/** One container interface that was made. */
export interface Attached {
  readonly hostDevice: string;
  readonly hostMac: string;
  readonly device: string;
  readonly mac: string;
  readonly sandbox: string;
  readonly mtu: number;
  readonly ips: readonly {
    readonly address: string;
    readonly gateway: string;
    readonly family: 4 | 6;
    /** The block that its route leads to: all of its family, or the network's pool; absent: none. */
    readonly reaches: string | undefined;
  }[];
}

/** The result of ADD: what earlier plugins of the chain made, and then ours. */
export function resultOf(
  cniVersion: string,
  { hostDevice, hostMac, device, mac, sandbox, mtu, ips }: Attached,
  more: { readonly prevResult: CniResult | undefined; readonly dns: CniDns },
): CniResult {
  const before = more.prevResult ?? {};
  const interfaces = before.interfaces ?? [];
  const size = cniVersion === '1.1.0' ? { mtu } : {};
  return {
    ...before,
    cniVersion,
    interfaces: [
      ...interfaces,
      { name: hostDevice, mac: hostMac, ...size },
      { name: device, mac, sandbox, ...size },
    ],
    ips: [
      ...(before.ips ?? []),
      ...ips.map(({ address, gateway, family }) => ({
        ...(cniVersion.startsWith('0.') ? { version: String(family) } : {}),
        address: `${address}/${family === 4 ? 32 : 128}`,
        gateway,
        interface: interfaces.length + 1,
      })),
    ],
    routes: [
      ...(before.routes ?? []),
      ...ips.flatMap(({ gateway, reaches }) =>
        reaches === undefined ? [] : [{ dst: reaches, gw: gateway }],
      ),
    ],
    // Older releases of libcni always write an empty `dns`: it says nothing.
    dns: isEmpty(before.dns) ? more.dns : before.dns,
  };
}

const isEmpty = (dns: CniDns | undefined): boolean => Object.keys(dns ?? {}).length === 0;
