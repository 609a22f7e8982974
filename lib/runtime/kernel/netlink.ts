import { AF, checked, close, KernelError, recv, SOCK, send, setOption, socket } from './libc';

/** Writes one netlink message into a buffer: numbers, attributes, nests (linux/netlink.h). */
export interface MessageWriter {
  u8(...values: readonly number[]): void;
  u16(value: number): void;
  u32(value: number): void;
  /** An attribute: a `u32`, or bytes, or (a function) a nest of attributes. */
  attribute(type: number, value: number | Uint8Array | (() => void)): void;
}

export interface Message {
  readonly type: number;
  readonly flags: number;
  /** What to call it in an error. */
  readonly label: string;
  /** Errors that mean it is already as wanted. */
  readonly ignore?: readonly number[];
  readonly write: (writer: MessageWriter) => void;
}

export const NETLINK = { ROUTE: 0, NETFILTER: 12 } as const;
export const NLM_F = {
  REQUEST: 1,
  ACK: 4,
  REPLACE: 0x100,
  /** Of a question: everything, not one. */
  DUMP: 0x300,
  EXCL: 0x200,
  CREATE: 0x400,
  APPEND: 0x800,
};
export const cstring = (text: string): Buffer => Buffer.from(`${text}\0`);

/** A netlink socket stays in the namespace where it was opened; no setns is needed afterwards. */
export function openNetlink(protocol: number): number {
  const fd = checked('socket(netlink)', socket(AF.NETLINK, SOCK.RAW | SOCK.CLOEXEC, protocol));
  setOption(fd, SOL_NETLINK, NETLINK_CAP_ACK, 1);
  setOption(fd, SOL_NETLINK, NETLINK_EXT_ACK, 1);
  return fd;
}

export const closeNetlink = (fd: number): number => close(fd);

/**
 * Sends messages in batches and waits for the last one's acknowledgement. The kernel carries out
 * every message of a batch, also those after one it refused; the first refusal is thrown.
 */
export function transact(fd: number, messages: readonly Message[]): void {
  for (let start = 0; start < messages.length; start += BATCH) {
    sendBatch(fd, messages.slice(start, start + BATCH), () => undefined);
  }
}

/** The same for messages that have answers: `take` gets each answer's type and body. */
export function query(fd: number, messages: readonly Message[], take: TakeAnswer): void {
  for (let start = 0; start < messages.length; start += QUERY_BATCH) {
    sendBatch(fd, messages.slice(start, start + QUERY_BATCH), take);
  }
}

/** The body is valid until the function returns. */
export type TakeAnswer = (type: number, body: Buffer) => void;

const SOL_NETLINK = 270;
const NETLINK_CAP_ACK = 10;
const NETLINK_EXT_ACK = 11;
const NLMSG_ERROR = 2;
const NLMSG_DONE = 3;
const HEADER = 16;
const BATCH = 64;
// Answers are a thousand times larger than acknowledgements, and must fit the socket's queue.
const QUERY_BATCH = 16;

const output = Buffer.alloc(256 * 1024);
const input = Buffer.alloc(64 * 1024);
let sequence = 0;

function sendBatch(fd: number, batch: readonly Message[], take: TakeAnswer): void {
  const first = sequence + 1;
  let length = 0;
  batch.forEach((message, i) => {
    const ack = i === batch.length - 1 ? NLM_F.ACK : 0;
    sequence += 1;
    length = writeMessage(message, length, ack);
  });
  checked('send(netlink)', send(fd, output.subarray(0, length), length, 0));
  const refused = receiveUntil(fd, sequence, take).find(
    ({ seq, errno }) => errno !== 0 && !batch[seq - first]?.ignore?.includes(errno),
  );
  if (refused !== undefined) {
    throw new KernelError(
      batch[refused.seq - first]?.label ?? 'netlink',
      refused.errno,
      refused.text,
    );
  }
}

function writeMessage(message: Message, start: number, ack: number): number {
  let at = start + HEADER;
  const writer: MessageWriter = {
    u8: (...values) => {
      for (const value of values) at = output.writeUInt8(value, at);
    },
    u16: (value) => {
      at = output.writeUInt16LE(value, at);
    },
    u32: (value) => {
      at = output.writeUInt32LE(value >>> 0, at);
    },
    attribute: (type, value) => {
      const head = at;
      at += 4;
      if (typeof value === 'number') at = output.writeUInt32LE(value >>> 0, at);
      else if (typeof value === 'function') value();
      else {
        output.set(value, at);
        at += value.length;
      }
      output.writeUInt16LE(at - head, head);
      output.writeUInt16LE(typeof value === 'function' ? type | NLA_F_NESTED : type, head + 2);
      const padded = (at + 3) & ~3;
      output.fill(0, at, padded);
      at = padded;
    },
  };
  message.write(writer);
  output.writeUInt32LE(at - start, start);
  output.writeUInt16LE(message.type, start + 4);
  output.writeUInt16LE(message.flags | NLM_F.REQUEST | ack, start + 6);
  output.writeUInt32LE(sequence, start + 8);
  output.writeUInt32LE(0, start + 12);
  return at;
}

const NLA_F_NESTED = 0x8000;

interface Answer {
  readonly seq: number;
  readonly errno: number;
  readonly text: string;
}

function receiveUntil(fd: number, last: number, take: TakeAnswer): readonly Answer[] {
  const answers: Answer[] = [];
  while (!answers.some(({ seq }) => seq === last)) {
    const length = checked('recv(netlink)', recv(fd, input, input.length, 0));
    for (let at = 0; at + HEADER <= length; ) {
      const size = input.readUInt32LE(at);
      const type = input.readUInt16LE(at + 4);
      if (type === NLMSG_ERROR) answers.push(readAnswer(at, size));
      // A list ends with its own mark and is never acknowledged.
      else if (type === NLMSG_DONE) answers.push(readDone(at));
      else take(type, input.subarray(at + HEADER, at + size));
      at += (size + 3) & ~3;
    }
  }
  return answers;
}

/** An NLMSG_ERROR: the error, the header it answers, and perhaps the kernel's own words. */
function readAnswer(at: number, size: number): Answer {
  const errno = -input.readInt32LE(at + HEADER);
  const seq = input.readUInt32LE(at + 8);
  const textAt = at + HEADER + 4 + HEADER;
  const hasText = errno !== 0 && textAt + 4 < at + size && input.readUInt16LE(textAt + 2) === 1;
  const text = hasText
    ? input.toString('latin1', textAt + 4, textAt + input.readUInt16LE(textAt)).replace(/\0+$/, '')
    : '';
  return { seq, errno, text };
}

/** An NLMSG_DONE: what cut the list short, or 0. */
const readDone = (at: number): Answer => ({
  seq: input.readUInt32LE(at + 8),
  errno: -input.readInt32LE(at + HEADER),
  text: '',
});
