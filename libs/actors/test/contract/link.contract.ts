/** What every link keeps to, whatever carries it. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { LinkConnection, LinkDialer, LinkHandlers } from '@ringmaster/actors';
import { bytes, noise, sameBytes, text } from './bytes.js';

export interface LinkFixture {
  readonly dialer: LinkDialer;
  /** Addresses: of a node that accepts, and where nobody answers. */
  readonly node: string;
  readonly gone: string;
  /** Called for each link that the node accepted. */
  onLink(accepted: (link: LinkConnection, attach: (handlers: LinkHandlers) => void) => void): void;
  dispose(): Promise<void>;
}

/** One end of a link, with everything that happened on it. */
class End implements LinkHandlers {
  readonly frames: Uint8Array[] = [];
  readonly log: string[] = [];
  link: LinkConnection | undefined;
  #waiting: (() => void)[] = [];

  onOpen(): void {
    this.#note('open');
  }

  onFrame(frame: Uint8Array): void {
    this.frames.push(frame);
    this.#note('frame');
  }

  onClose(reason: string): void {
    expect(reason).not.toBe('');
    this.#note('close');
  }

  async until(holds: () => boolean): Promise<void> {
    while (!holds()) {
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
    }
  }

  async opened(): Promise<void> {
    await this.until(() => this.log.includes('open'));
  }

  async closed(): Promise<void> {
    await this.until(() => this.log.includes('close'));
  }

  words(): (string | undefined)[] {
    return this.frames.map(text);
  }

  #note(event: string): void {
    this.log.push(event);
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }
}

export function linkContract(name: string, makeFixture: () => Promise<LinkFixture>): void {
  describe(`link: ${name}`, () => {
    let fixture: LinkFixture;
    let router: End;
    let node: End;

    beforeEach(async () => {
      fixture = await makeFixture();
      router = new End();
      node = new End();
      fixture.onLink((link, attach) => {
        node.link = link;
        attach(node);
      });
    });
    afterEach(async () => {
      router.link?.close();
      node.link?.close();
      await fixture.dispose();
    });

    const connect = async (): Promise<void> => {
      router.link = fixture.dialer.dial(fixture.node, router);
      await Promise.all([router.opened(), node.opened()]);
    };

    test('opens on both sides, once', async () => {
      router.link = fixture.dialer.dial(fixture.node, router);
      expect(router.log).toEqual([]);
      await Promise.all([router.opened(), node.opened()]);
      expect([router.log, node.log]).toEqual([['open'], ['open']]);
    });

    test('frames arrive whole and in order, both ways', async () => {
      await connect();
      const words = Array.from({ length: 500 }, (_, i) => `frame ${String(i)}`);
      for (const word of words) {
        router.link!.send(bytes(word));
        node.link!.send(bytes(`re ${word}`));
      }
      await Promise.all([node.until(() => node.frames.length === 500), router.until(() => router.frames.length === 500)]);
      expect(node.words()).toEqual(words);
      expect(router.words()).toEqual(words.map((word) => `re ${word}`));
    });

    test('frames may be empty or large', async () => {
      await connect();
      const large = noise(8 * 2 ** 20, 1);
      router.link!.send(new Uint8Array(0));
      router.link!.send(large);
      node.link!.send(large);
      await Promise.all([node.until(() => node.frames.length === 2), router.until(() => router.frames.length === 1)]);
      expect(node.frames[0]).toHaveLength(0);
      expect(sameBytes(node.frames[1], large)).toBe(true);
      expect(sameBytes(router.frames[0], large)).toBe(true);
    });

    test('what is sent at once on opening arrives first', async () => {
      router.onOpen = () => {
        router.link!.send(bytes('hello'));
        End.prototype.onOpen.call(router);
      };
      await connect();
      router.link!.send(bytes('then'));
      await node.until(() => node.frames.length === 2);
      expect(node.words()).toEqual(['hello', 'then']);
    });

    test('frames wait for a node that attaches late', async () => {
      let attachNow: () => void = () => undefined;
      const accepted = new Promise<void>((resolve) => {
        fixture.onLink((link, attach) => {
          node.link = link;
          attachNow = () => {
            attach(node);
          };
          resolve();
        });
      });
      router.link = fixture.dialer.dial(fixture.node, router);
      await Promise.all([router.opened(), accepted]);
      router.link.send(bytes('early'));
      // A frame of the second link has come all the way: so could the first one's have.
      const other = new End();
      const otherNode = new End();
      fixture.onLink((link, attach) => {
        otherNode.link = link;
        attach(otherNode);
      });
      other.link = fixture.dialer.dial(fixture.node, other);
      await other.opened();
      other.link.send(bytes('other'));
      await otherNode.until(() => otherNode.frames.length === 1);
      expect(node.log).toEqual([]);
      attachNow();
      await node.until(() => node.frames.length === 1);
      expect(node.log).toEqual(['open', 'frame']);
      expect(node.words()).toEqual(['early']);
      other.link.close();
    });

    test.each(['router', 'node'] as const)('closed by the %s, it closes once on both sides, after all that was sent', async (closer) => {
      await connect();
      const [mine, theirs] = closer === 'router' ? [router, node] : [node, router];
      for (let i = 0; i < 50; i += 1) mine.link!.send(bytes(String(i)));
      mine.link!.close();
      mine.link!.close();
      await Promise.all([router.closed(), node.closed()]);
      expect(theirs.words()).toEqual(Array.from({ length: 50 }, (_, i) => String(i)));
      expect(router.log.filter((event) => event === 'close')).toEqual(['close']);
      expect(node.log.filter((event) => event === 'close')).toEqual(['close']);
      // Nobody listens any more, and that is no error.
      mine.link!.send(bytes('late'));
      theirs.link!.send(bytes('late'));
      expect(mine.link!.bufferedBytes()).toBe(0);
    });

    test('what has not left the process is counted, until it has', async () => {
      await connect();
      expect(router.link!.bufferedBytes()).toBe(0);
      const frame = noise(2 ** 20, 2);
      for (let i = 0; i < 16; i += 1) router.link!.send(frame);
      expect(router.link!.bufferedBytes()).toBeGreaterThan(frame.length);
      await node.until(() => node.frames.length === 16);
      node.link!.send(bytes('all here'));
      await router.until(() => router.frames.length === 1);
      expect(router.link!.bufferedBytes()).toBe(0);
    });

    test.each([['where nobody answers', ({ gone }: LinkFixture) => gone], ['to what is no address', () => 'no address']])('%s it never opens, and says so once, later', async (_where, address) => {
      router.link = fixture.dialer.dial(address(fixture), router);
      expect(router.log).toEqual([]);
      await router.closed();
      expect(router.log).toEqual(['close']);
    });

    test('given up before it is open, it closes and does not open', async () => {
      router.link = fixture.dialer.dial(fixture.node, router);
      router.link.close();
      await router.closed();
      expect(router.log).toEqual(['close']);
    });

    test('links are apart from each other', async () => {
      await connect();
      const first = node;
      node = new End();
      const second = new End();
      second.link = fixture.dialer.dial(fixture.node, second);
      await Promise.all([second.opened(), node.opened()]);
      second.link.send(bytes('second'));
      router.link!.send(bytes('first'));
      await Promise.all([first.until(() => first.frames.length === 1), node.until(() => node.frames.length === 1)]);
      expect([first.words(), node.words()]).toEqual([['first'], ['second']]);
      second.link.close();
      await node.closed();
      expect(first.log).not.toContain('close');
      first.link?.close();
    });
  });
}
