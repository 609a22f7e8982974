import type { PluginVerdict } from '../../../model/plugin-capability';
import type { PluginBench, PluginCallEnd } from './bench';

export const right = (saw: string): PluginVerdict => ({ right: true, saw, means: '', look: '' });

export const wrong = (saw: string, means: string, look: string): PluginVerdict => ({
  right: false,
  saw,
  means,
  look,
});

type Row = Readonly<Record<string, unknown>>;

const isRow = (value: unknown): value is Row =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function parsed(text: string): Row | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRow(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const rows = (value: unknown): readonly Row[] => (Array.isArray(value) ? value.filter(isRow) : []);

/** The end of a call in one line. */
export const ended = (what: string, { code, stdout, stderr }: PluginCallEnd): string =>
  `${what} ended with ${code}: ${(stderr || stdout).trim().split('\n').at(-1)?.slice(0, 160) ?? ''}`;

/** What is wrong with how a refusal is reported; `undefined` where it is right (specification, "Error"). */
export function refusalProblem(what: string, end: PluginCallEnd): PluginVerdict | undefined {
  if (end.code === 0)
    return wrong(`${what} ended with 0`, 'it must fail: exit code other than 0', 'section Error');
  const error = parsed(end.stdout);
  if (typeof error?.code === 'number' && typeof error.msg === 'string') return undefined;
  return wrong(
    ended(what, end),
    'an error is JSON on standard output, with cniVersion, code (a number) and msg',
    'CNI specification, section Error',
  );
}

/** What ADD answered, as far as it is well formed. */
export interface AddAnswer {
  readonly address: string;
  readonly raw: Row;
}

/** Reads the result of ADD, or says what is wrong with it (specification, "ADD Success"). */
export function readAdd(end: PluginCallEnd, pod: string): AddAnswer | PluginVerdict {
  if (end.code !== 0) return wrong(ended('ADD', end), 'ADD must succeed', 'run it by hand');
  const raw = parsed(end.stdout);
  if (raw === undefined)
    return wrong('standard output is not JSON', 'print the result and nothing else', 'ADD Success');
  if (typeof raw.cniVersion !== 'string')
    return wrong('the result has no cniVersion', 'repeat that of the configuration', 'ADD Success');
  const interfaces = rows(raw.interfaces);
  const index = interfaces.findIndex(
    ({ name, sandbox }) => name === 'eth0' && sandbox === `/run/netns/${pod}`,
  );
  if (index < 0)
    return wrong(
      `interfaces: ${JSON.stringify(raw.interfaces ?? null).slice(0, 120)}`,
      'one of them must be eth0 with the path of its namespace as sandbox',
      'ADD Success',
    );
  const own = rows(raw.ips).find((one) => one.interface === index);
  if (typeof own?.address !== 'string' || !/^[\d.]+\/\d+$/.test(own.address))
    return wrong(
      `ips: ${JSON.stringify(raw.ips ?? null).slice(0, 120)}`,
      'one address, as 10.1.2.3/24, whose interface is the place of eth0 in interfaces',
      'ADD Success',
    );
  return { address: own.address, raw };
}

export const isVerdict = (value: object): value is PluginVerdict => 'right' in value;

/** What the kernel has in a namespace. */
export interface PodState {
  readonly isUp: boolean;
  /** Addresses of IPv4 with their prefix. */
  readonly addresses: readonly string[];
  readonly hasDefaultRoute: boolean;
}

/** The interface of a pod as the kernel has it; `undefined` where there is none. */
export function stateOf(bench: PluginBench, pod: string, device = 'eth0'): PodState | undefined {
  const { code, stdout } = bench.run('ip', '-n', pod, '-j', 'address', 'show', 'dev', device);
  if (code !== 0) return undefined;
  const [link] = rows(JSON.parse(stdout || '[]'));
  if (link === undefined) return undefined;
  const addresses = rows(link.addr_info)
    .filter(({ family }) => family === 'inet')
    .map(({ local, prefixlen }) => `${local}/${prefixlen}`);
  const routes = bench.run('ip', '-n', pod, '-j', 'route', 'show', 'default').stdout;
  const flags: readonly unknown[] = Array.isArray(link.flags) ? link.flags : [];
  return {
    isUp: flags.includes('UP'),
    addresses,
    hasDefaultRoute: rows(JSON.parse(routes || '[]')).length > 0,
  };
}

/** Whether packets go from a namespace, or from the host, to an address and back. */
export function reaches(bench: PluginBench, from: string | undefined, to: string): boolean {
  const inside = from === undefined ? [] : ['ip', 'netns', 'exec', from];
  const script = `const s=require("net").connect({host:process.argv[1],port:9,timeout:2000});
s.on('connect',()=>process.exit(0));s.on('timeout',()=>process.exit(1));
s.on('error',(e)=>process.exit(e.code==='ECONNREFUSED'?0:1));`;
  return bench.run(...inside, process.execPath, '-e', script, to).code === 0;
}

/** Devices of the host, by name. */
export const hostDevices = (bench: PluginBench): readonly string[] =>
  rows(JSON.parse(bench.run('ip', '-j', 'link', 'show').stdout || '[]')).map(
    ({ ifname }) => `${ifname}`,
  );

/** Whether an address is one of a block of IPv4. */
export function isIn(address: string, block: string): boolean {
  const [network = '', length = '32'] = block.split('/');
  const size = 2 ** (32 - Number(length));
  return Math.floor(numberOf(address) / size) === Math.floor(numberOf(network) / size);
}

const numberOf = (address: string): number =>
  address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
