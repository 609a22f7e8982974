import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request on its way to the emulator. */
export interface Call {
  /** Such as `ec2`, from the signature's scope. */
  readonly service: string;
  /** Such as `DeleteVpc`; for REST services method and path. */
  readonly action: string;
  readonly body: string;
  /** How often the same call was made before: 0 the first time. */
  readonly repeats: number;
}

/** What happens to a call: `cut` ends the connection before or after it took effect. */
export type Fault = 'none' | 'throttle' | 'error' | 'dependency' | 'cut-before' | 'cut-after';

export interface FaultyProxy {
  readonly endpoint: string;
  readonly calls: readonly Call[];
  /** How many calls met with each fault. */
  readonly faults: Readonly<Record<Fault, number>>;
  /** What the function does before it answers happens before the call reaches the emulator. */
  setFault(fault: (call: Call) => Fault | Promise<Fault>): void;
  stop(): Promise<void>;
}

/** Does this call change anything? */
export const changes = ({ action }: Call): boolean => !/^(Describe|List|Get|GET )/.test(action);

/** A proxy on loopback that passes calls on, counts them and spoils those it is told to. */
export async function startProxy(target: string): Promise<FaultyProxy> {
  const calls: Call[] = [];
  const seen = new Map<string, number>();
  const faults = { none: 0, throttle: 0, error: 0, dependency: 0, 'cut-before': 0, 'cut-after': 0 };
  let decide: (call: Call) => Fault | Promise<Fault> = () => 'none';

  const server = createServer(async (incoming, outgoing) => {
    const body = await textOf(incoming);
    const call = callOf(incoming, body, seen);
    calls.push(call);
    const fault = await decide(call);
    faults[fault] += 1;
    if (fault === 'cut-before') incoming.socket.destroy();
    else if (fault === 'none' || fault === 'cut-after') {
      await passOn({ target, incoming, body, outgoing, cut: fault === 'cut-after' });
    } else refuse(outgoing, call.service, fault);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    faults,
    setFault: (fault) => {
      decide = fault;
    },
    stop: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

async function textOf(message: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

function callOf(message: IncomingMessage, body: string, seen: Map<string, number>): Call {
  const scope = /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\//.exec(message.headers.authorization ?? '');
  const target = String(message.headers['x-amz-target'] ?? '')
    .split('.')
    .at(-1);
  const action =
    new URLSearchParams(body).get('Action') ?? (target || `${message.method} ${message.url}`);
  const key = `${scope?.[1]} ${action} ${message.url} ${body}`;
  const repeats = seen.get(key) ?? 0;
  seen.set(key, repeats + 1);
  return { service: scope?.[1] ?? '', action, body, repeats };
}

function passOn(at: {
  readonly target: string;
  readonly incoming: IncomingMessage;
  readonly body: string;
  readonly outgoing: ServerResponse;
  readonly cut: boolean;
}): Promise<void> {
  const { target, incoming, body, outgoing, cut } = at;
  return new Promise((done) => {
    const { method, headers, url = '/' } = incoming;
    const onward = request(new URL(url, target), { method, headers }, async (answer) => {
      const text = await textOf(answer);
      if (cut) incoming.socket.destroy();
      else outgoing.writeHead(answer.statusCode ?? 500, answer.headers).end(text);
      done();
    });
    onward.on('error', () => {
      incoming.socket.destroy();
      done();
    });
    onward.end(body);
  });
}

/** The refusal in the service's own protocol: EC2 query, query, or JSON. */
function refuse(outgoing: ServerResponse, service: string, fault: Fault): void {
  const code = codeOf(service, fault);
  const refused = fault === 'throttle' && service === 'ec2' ? 503 : 400;
  const status = fault === 'error' ? 500 : refused;
  const inner = `<Code>${code}</Code><Message>made up by the test</Message>`;
  if (service === 'ec2') {
    const text = `<Response><Errors><Error>${inner}</Error></Errors><RequestID>1</RequestID></Response>`;
    outgoing.writeHead(status, { 'content-type': 'text/xml' }).end(text);
  } else if (service === 'elasticloadbalancing' || service === 'cloudformation') {
    const text = `<ErrorResponse><Error><Type>Sender</Type>${inner}</Error></ErrorResponse>`;
    outgoing.writeHead(status, { 'content-type': 'text/xml' }).end(text);
  } else {
    const headers = { 'content-type': 'application/json', 'x-amzn-errortype': code };
    outgoing.writeHead(status, headers).end(JSON.stringify({ __type: code, message: 'made up' }));
  }
}

function codeOf(service: string, fault: Fault): string {
  if (fault === 'error') return 'InternalError';
  if (fault === 'dependency') return 'DependencyViolation';
  return service === 'ec2' ? 'RequestLimitExceeded' : 'ThrottlingException';
}
