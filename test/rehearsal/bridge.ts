import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import type { Machine } from '../targets/cluster/real/machine';

/**
 * Leads a port of a machine's loopback address to the same port out here, through a socket in its
 * folder: a file is seen from both networks.
 */
export async function bridgeInto(machine: Machine, port: number): Promise<Server> {
  const path = join(machine.folder, `out-${port}.sock`);
  const server = createServer((near) => joined(near, connect(port, '127.0.0.1')));
  server.unref();
  await new Promise<void>((done) => server.listen(path, done));
  const [file = '', ...args] = [...machine.inside, process.execPath, '-e', INSIDE];
  const ready = `${path}.ready`;
  spawn(file, [...args, path, String(port), ready], { stdio: 'ignore' });
  const end = Date.now() + 20_000;
  while (!existsSync(ready)) {
    if (Date.now() > end) throw new Error(`no way out of the machine to port ${port}`);
    await new Promise((next) => setTimeout(next, 50));
  }
  return server;
}

function joined(near: Socket, far: Socket): void {
  near.on('error', () => far.destroy()).on('close', () => far.destroy());
  far.on('error', () => near.destroy()).on('close', () => near.destroy());
  near.pipe(far).pipe(near);
}

const INSIDE = `const net = require('node:net');
const [path, port, ready] = process.argv.slice(1);
net.createServer((near) => {
  const far = net.connect(path);
  near.on('error', () => far.destroy()).on('close', () => far.destroy());
  far.on('error', () => near.destroy()).on('close', () => near.destroy());
  near.pipe(far).pipe(near);
}).listen(Number(port), '127.0.0.1', () => require('node:fs').writeFileSync(ready, ''));`;
