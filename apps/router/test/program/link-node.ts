/** A node at the other end of a real link, which does what the test says. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { decodeLinkFrame, LinkWriter, type NodeRecord, type RouterRecord } from '@ringmaster/protocol';
import type { LinkConnection } from '@ringmaster/actors';
import { acceptLinks } from '@ringmaster/actors/adapters/ws/link-acceptor';

export class LinkNode {
  readonly heard: RouterRecord[] = [];
  #link: LinkConnection | null = null;
  readonly #server: Server;
  readonly #waiting = new Set<() => void>();

  private constructor(server: Server) {
    this.#server = server;
  }

  /** `port` 0: any free one. */
  static async start(secret: string, port = 0): Promise<LinkNode> {
    const server = createServer((request, response) => response.end(`node has ${request.url}`));
    const node = new LinkNode(server);
    acceptLinks(server, {
      secret,
      onLink: (link, attach) =>
        attach({
          onOpen: () => void (node.#link = link),
          onFrame: (frame) => node.#hear(frame),
          onClose: () => void (node.#link = null),
        }),
    });
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    return node;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  says(...records: readonly NodeRecord[]): void {
    const writer = new LinkWriter('node');
    for (const record of records) writer.append(record);
    this.#link?.send(writer.take());
  }

  async hears<R extends RouterRecord['r']>(kind: R, count = 1): Promise<Extract<RouterRecord, { r: R }>> {
    for (;;) {
      const found = this.heard.filter((record): record is Extract<RouterRecord, { r: R }> => record.r === kind)[count - 1];
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  async stop(): Promise<void> {
    this.#link?.close();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #hear(frame: Uint8Array): void {
    const decoded = decodeLinkFrame(frame, 'router');
    if (!decoded.ok) throw new Error(decoded.reason);
    for (const record of decoded.records) {
      if (record.r === 'linkHello') this.says({ r: 'linkWelcome', node: 'node-0', boot: 'b', shards: 16 });
      if (record.r === 'clock') this.says({ r: 'beat', mono: performance.now(), echo: record.mono });
      this.heard.push(record);
    }
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const resolve of waiting) resolve();
  }
}
