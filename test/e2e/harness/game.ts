/** A session with two players, as most tests need it: Ada and Bob. */
import { Client } from './player.js';
import { quizOf, swift } from './quizzes.js';
import type { CommandOk, Json, NewSession } from './host.js';
import type { Product } from './product.js';

export class Game {
  ada!: Client;
  bob!: Client;

  private constructor(
    readonly product: Product,
    readonly session: NewSession,
  ) {}

  static async of(product: Product, settings: Json = swift, quiz: Json = quizOf(2)): Promise<Game> {
    const game = new Game(product, await product.host.newSession(quiz, settings));
    game.ada = await game.join('Ada');
    game.bob = await game.join('Bob');
    return game;
  }

  get id(): string {
    return this.session.sessionId;
  }

  join(nickname: string, joinId?: string): Promise<Client> {
    return Client.join(this.product.url, this.id, nickname, joinId);
  }

  /** A socket that has not said hello. */
  connect(name?: string): Promise<Client> {
    return Client.connect(this.product.url, this.id, name);
  }

  hostSocket(): Promise<Client> {
    return Client.as('host', this.product.url, this.id, this.session.hostToken);
  }

  order(cmd: string, args?: Json): Promise<CommandOk> {
    return this.product.host.order(this.id, cmd, args);
  }

  /** An order that is refused. @returns status, and code of the problem */
  async refused(cmd: string, args?: Json): Promise<{ status: number; code: unknown }> {
    const { status, body } = await this.product.host.ask('POST', `/v1/sessions/${this.id}/commands`, { cmdId: `${cmd}-${performance.now()}`, cmd, ...(args && { args }) });
    return { status, code: body['code'] };
  }

  async open(): Promise<void> {
    await this.order('start');
    await this.ada.sees('question.opened');
    await this.bob.sees('question.opened');
  }
}
