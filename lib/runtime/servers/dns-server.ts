import { createServer, type Server, type Socket } from 'node:net';
import type { DnsCluster, Netns } from '../../dataplane/commands/command';
import type { Namespaces } from '../kernel/namespaces';
import { createResponder, type DnsResponder } from './dns-answer';
import { openListening } from './listening-socket';
import type { Serving } from './serving';
import { answerDatagrams } from './udp-answer';
import { createZone } from './zone';

/** DNS servers in pods, on UDP and TCP 53. */
export interface DnsServers {
  /** Serves a zone; where one is served already, it is exchanged without a gap. */
  serve(zone: {
    readonly netns: Netns;
    readonly records: Parameters<typeof createZone>[0];
    readonly authoritativeFor: readonly string[];
    readonly cluster?: DnsCluster;
  }): void;
  close(netns: Netns): void;
}

/** No server yet. */
export function createDnsServers(namespaces: Namespaces, serving: Serving): DnsServers {
  const running = new Map<Netns, { responder: DnsResponder; readonly server: Server }>();
  return {
    serve({ netns, records, authoritativeFor, cluster }) {
      const responder = createResponder(createZone(records, authoritativeFor, cluster));
      const before = running.get(netns);
      if (before !== undefined) {
        before.responder = responder;
        return;
      }
      const ask: DnsResponder = (message, transport) =>
        running.get(netns)?.responder(message, transport);
      const open = (protocol: 'UDP' | 'TCP') =>
        openListening({ netns, protocol, port: 53 }, namespaces);
      const server = createServer((socket) => answerStream(socket, ask));
      running.set(netns, { responder, server });
      const udp = answerDatagrams((message) => ask(message, 'udp'));
      serving.watch(netns, open('UDP'), udp);
      server.listen({ fd: open('TCP') });
    },
    close(netns) {
      running.get(netns)?.server.close();
      running.delete(netns);
    },
  };
}

/** DNS over TCP puts two bytes of length before each message (RFC 1035 section 4.2.2). */
function answerStream(socket: Socket, ask: DnsResponder): void {
  let buffered: Buffer = Buffer.alloc(0);
  socket.setTimeout(10_000, () => socket.destroy());
  socket.on('error', () => socket.destroy());
  socket.on('data', (data: Buffer) => {
    buffered = Buffer.concat([buffered, data]);
    while (buffered.length >= 2 && buffered.length >= 2 + buffered.readUInt16BE(0)) {
      const end = 2 + buffered.readUInt16BE(0);
      const answer = ask(buffered.subarray(2, end), 'tcp');
      buffered = buffered.subarray(end);
      if (answer === undefined) return socket.destroy();
      const length = Buffer.alloc(2);
      length.writeUInt16BE(answer.length);
      socket.write(Buffer.concat([length, answer]));
    }
  });
}
