/** The history of one session, put together by client and connection. */
import type { DeckQuestion, Frame, HistoryEvent } from '../history.js';

export interface Heard {
  readonly x: number;
  readonly text: string;
  readonly frame: Frame;
}

export interface Sent {
  readonly x: number;
  readonly id: number;
  readonly t: string;
  readonly d: Readonly<Record<string, unknown>>;
  readonly replies: Heard[];
}

export interface Talk {
  readonly client: string;
  readonly conn: number;
  readonly role: string;
  readonly router: string;
  readonly openedAt: number;
  readonly heard: Heard[];
  readonly sent: Map<number, Sent>;
  closed: { readonly x: number; readonly code: number; readonly own: boolean } | null;
}

export interface Person {
  readonly name: string;
  readonly role: string;
  readonly talks: Talk[];
  /** By their numbers. */
  readonly byNumber: Map<number, Talk>;
  playerId: string | null;
}

export interface SessionHistory {
  readonly sid: string;
  readonly deck: readonly DeckQuestion[];
  readonly people: Map<string, Person>;
  /** Why it did not come to its end for everybody. */
  stuck: string | null;
  over: boolean;
}

/** Takes events of all sessions in the order in which they were written. */
export class HistoryReader {
  readonly sessions = new Map<string, SessionHistory>();

  take(event: HistoryEvent): void {
    if (event.k === 'session') {
      this.sessions.set(event.sid, { sid: event.sid, deck: event.deck, people: new Map(), stuck: null, over: false });
      return;
    }
    const session = this.sessions.get(event.sid);
    if (session === undefined) return;
    if (event.k === 'stuck') session.stuck = event.about;
    else if (event.k === 'over') session.over = true;
    else if (event.k === 'open') this.#open(session, event);
    else {
      const person = session.people.get(event.c);
      const talk = person?.byNumber.get(event.conn);
      if (person !== undefined && talk !== undefined) this.#happened(person, talk, event);
    }
  }

  #open({ people }: SessionHistory, { c: name, conn, role, router, x }: Extract<HistoryEvent, { k: 'open' }>): void {
    const person: Person = people.get(name) ?? { name, role, talks: [], byNumber: new Map(), playerId: null };
    people.set(name, person);
    const talk: Talk = { client: name, conn, role, router, openedAt: x, heard: [], sent: new Map(), closed: null };
    person.talks.push(talk);
    person.byNumber.set(conn, talk);
  }

  #happened(person: Person, talk: Talk, event: Extract<HistoryEvent, { k: 'sent' | 'heard' | 'closed' }>): void {
    const { x } = event;
    if (event.k === 'sent') talk.sent.set(event.id, { x, id: event.id, t: event.t, d: event.d, replies: [] });
    else if (event.k === 'closed') talk.closed = { x, code: event.code, own: event.own };
    else {
      const frame = JSON.parse(event.text) as Frame;
      const heard = { x, text: event.text, frame };
      talk.heard.push(heard);
      if (frame.re !== undefined) talk.sent.get(frame.re)?.replies.push(heard);
      if (frame.t === 'welcome' && frame.d.playerId !== undefined) person.playerId = frame.d.playerId;
    }
  }
}
