import { readlinkSync } from 'node:fs';
import type { Duplex, Readable, Writable } from 'node:stream';
import { Failure } from '../../model/problem';
import { enterOwnMounts } from '../kernel/mounts';
import { line, readLines } from '../sandbox/lines';
import type { HolderReply, HolderRequest } from '../sandbox/protocol';
import { createHolderServices, type HolderServices } from './services';

/**
 * The holder: the one process that owns a lab's namespaces. It is process 1 of its own process
 * namespace, so when it ends the kernel ends every process of the lab and frees every namespace.
 *
 * It obeys lines on its standard input and ends with it: a client that is killed at any moment
 * takes the lab with it. Only `keep` cuts that tie.
 */
const pid = Number(readlinkSync('/proc/self'));
const mode = process.argv.includes('--root') ? 'root' : 'rootless';
const mounts = enterOwnMounts();
const exit = (): never => process.exit(0);
const services = createHolderServices({ pid, mode, mounts, exit });

serve(process.stdin, process.stdout, services);
process.stdin.on('end', () => services.clientGone());
process.stdin.on('error', () => services.clientGone());
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
services.onAttach((connection: Duplex) => {
  connection.on('error', () => connection.destroy());
  serve(connection, connection, services);
});
process.stdout.write(line({ id: 0, kind: 'answer', answer: null } satisfies HolderReply));

/** Answers requests; several may be under way, and each answer names its request. */
function serve(input: Readable, output: Writable, { perform }: HolderServices): void {
  const reply = (value: HolderReply): void => {
    if (output.writable) output.write(line(value));
  };
  const client = new AbortController();
  input.on('close', () => client.abort());
  readLines(input, (value) => {
    const request = value as HolderRequest;
    const { id } = request;
    perform(request, (note) => reply({ id, kind: 'note', note }), client.signal).then(
      (answer) => reply({ id, kind: 'answer', answer }),
      (error: unknown) => reply({ id, ...errorReply(error) }),
    );
  });
}

function errorReply(error: unknown) {
  if (error instanceof Failure) {
    const { code, problem, fix } = error;
    return { kind: 'failure', failure: { code, problem, fix } } as const;
  }
  const message = error instanceof Error ? error.message : String(error);
  if (/\bEMFILE\b/.test(message)) return { kind: 'failure', failure: TOO_MANY_FILES } as const;
  return { kind: 'error', message } as const;
}

/** A pod takes about five descriptors: its namespace, a netlink socket, a socket a port. */
const TOO_MANY_FILES = {
  code: 'too-few-descriptors',
  problem: 'this lab needs more open files than one process may have here',
  fix: 'raise the hard limit, such as by: sudo prlimit --pid $$ --nofile=65536',
};
