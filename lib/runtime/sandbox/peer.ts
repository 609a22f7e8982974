import type { Socket } from 'node:net';
import { Failure } from '../../model/problem';
import type { Entrance } from './protocol';

/** The process at the other end of a unix socket, as the kernel knows it. */
export interface SocketPeer {
  readonly pid: number;
  readonly uid: number;
}

const SOL_SOCKET = 1;
const SO_PEERCRED = 17;

/**
 * Who listens on the socket that this connection leads to: process and user, from the kernel
 * (SO_PEERCRED, unix(7)). No process can claim to be another one there.
 * @throws Failure `stranger` where the kernel does not say
 */
export function peerOf(connection: Socket): SocketPeer {
  const { getsockopt } = require('../kernel/libc') as typeof import('../kernel/libc');
  const handle: unknown = Reflect.get(connection, '_handle');
  const fd = typeof handle === 'object' && handle !== null ? Reflect.get(handle, 'fd') : undefined;
  const credentials = Buffer.alloc(12);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(credentials.length);
  if (typeof fd !== 'number' || getsockopt(fd, SOL_SOCKET, SO_PEERCRED, credentials, length) < 0) {
    throw stranger('the kernel does not say who holds the lab');
  }
  return { pid: credentials.readInt32LE(0), uid: credentials.readUInt32LE(4) };
}

/**
 * Refuses a socket on which another user listens.
 * @throws Failure `stranger`
 */
export function ownPeer(connection: Socket): SocketPeer {
  const peer = peerOf(connection);
  if (peer.uid === process.getuid?.()) return peer;
  throw stranger(`user ${peer.uid} holds it, not you`);
}

/**
 * Refuses to enter namespaces that are not those of the lab itself: what runs in them would run with
 * the rights of this user.
 * @throws Failure `stranger`
 */
export function checkEntrance(connection: Socket, { pid, net }: Entrance): void {
  const peer = ownPeer(connection);
  if (peer.pid !== pid) throw stranger(`process ${peer.pid} holds it, and names process ${pid}`);
  if (!ITS_OWN.test(net)) throw stranger(`'${net}' is not one of its namespaces`);
}

/** The holder's own, one of its descriptors, or one that `ip netns add` named inside the lab. */
const ITS_OWN = /^(ns\/net|fd\/\d+|root\/run\/netns\/(?!\.)[\w-]+)$/;

const stranger = (why: string): Failure =>
  new Failure('stranger', `the lab is not yours: ${why}`, 'lab up in a state folder of your own');
