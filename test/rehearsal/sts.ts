import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

const HOST = 'sts.us-east-1.amazonaws.com';

/** STS under its own name, for a verifier that calls nothing else. */
export interface Sts {
  /** What `HTTPS_PROXY` says. */
  readonly proxy: string;
  readonly port: number;
  /** The certificate of the name: what `SSL_CERT_FILE` says. */
  readonly certificate: string;
  /** How many identities were asked for. */
  readonly asked: () => number;
  stop(): Promise<void>;
}

/**
 * A proxy that leads to one host: STS of one region, played by moto. The verifier insists on that
 * name over TLS, so the proxy ends the connection with a certificate made for this run.
 */
export async function startSts(moto: string, folder: string): Promise<Sts> {
  const { key, certificate } = makeCertificate(folder);
  let count = 0;
  const tls = createTlsServer(
    { key: readFileSync(key), cert: readFileSync(certificate) },
    (request, answer) => {
      count += 1;
      void passOn(moto, request, answer);
    },
  );
  const server = createServer((_, answer) => answer.writeHead(405).end());
  server.on('connect', (request, socket) => {
    if (request.url !== `${HOST}:443`) return void socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    tls.emit('connection', socket);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    proxy: `http://127.0.0.1:${port}`,
    port,
    certificate,
    asked: () => count,
    stop: async () => {
      server.close();
      server.closeAllConnections();
      tls.closeAllConnections();
    },
  };
}

function makeCertificate(folder: string): { readonly key: string; readonly certificate: string } {
  const [key, certificate] = [join(folder, 'sts.key'), join(folder, 'sts.crt')];
  const made = [
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '1',
    '-subj',
    `/CN=${HOST}`,
  ];
  const name = ['-addext', `subjectAltName=DNS:${HOST}`];
  execFileSync('openssl', [...made, ...name, '-keyout', key, '-out', certificate], {
    stdio: 'pipe',
  });
  return { key, certificate };
}

/**
 * Passes a presigned GetCallerIdentity on. Two things that moto has not: it reads who signed from a
 * header alone, where a presigned request has the query, and it answers in XML alone, where STS
 * answers in JSON whoever accepts that.
 */
async function passOn(
  moto: string,
  request: IncomingMessage,
  answer: ServerResponse,
): Promise<void> {
  const query = new URL(request.url ?? '/', `https://${HOST}`).searchParams;
  const credential = query.get('X-Amz-Credential') ?? '';
  const headers = {
    authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=0`,
  };
  const action = 'Action=GetCallerIdentity&Version=2011-06-15';
  const said = await fetch(`${moto}/?${action}`, { headers });
  const text = await said.text();
  const textOf = (name: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1];
  const result = { Account: textOf('Account'), Arn: textOf('Arn'), UserId: textOf('UserId') };
  const body = { GetCallerIdentityResponse: { GetCallerIdentityResult: result } };
  answer.writeHead(said.status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
