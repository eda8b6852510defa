/** Faults between a client's socket and its session: router core, session layer, and what the domain decides about answers. */
import type { Mutant } from './mutant.js';

const router = 'apps/router/src/core';
const session = 'apps/quiz-node/src/session';
const quiz = 'apps/quiz-node/src/quiz';

export const edgeMutants: readonly Mutant[] = [
  { name: 'kept-frames-stay', rule: 'K1 kept frames sent again', file: `${router}/routes.ts`, find: '      if (frame.recvAt !== null) this.#deps.counters.framesSentAgain++;\n', replace: '      if (frame.recvAt !== null) continue;\n', breaks: 'LIVE', seed: 4 },
  { name: 'replies-as-they-come', rule: 'K2 replies in order of k', file: `${session}/open-connection.ts`, find: '    reply.emit = emit;\n', replace: '    reply.emit = emit;\n    this.#awaited.splice(this.#awaited.indexOf(reply), 1);\n    this.#awaited.unshift(reply);\n', breaks: 'LIVE', seed: 1 },
  { name: 'old-s-written', rule: 'K4 old s dropped', file: `${router}/connection.ts`, find: "if (s !== undefined && s <= this.s) return 'old';", replace: '', breaks: 'I8', seed: 4 },
  { name: 'not-filled', rule: 'K4 fill what was not delivered', file: `${session}/reply-desk.ts`, find: 'for (const { s, p, bytes } of missed) {', replace: 'for (const { s, p, bytes } of missed.slice(missed.length)) {', breaks: 'LIVE', seed: 3 },
  { name: 'last-opened-stays', rule: 'K5 gen', file: `${session}/audience.ts`, find: 'if (older !== null && isNewer(older.gen, gen)) return open;', replace: '', breaks: 'K5', seed: 4 },
  { name: 'late-at-once', rule: 'T4 held 301', file: `${quiz}/decide/answer.ts`, find: 'settingsOf(state).graceMs ? STASH : null;', replace: 'settingsOf(state).graceMs ? refuse(301) : null;', breaks: 'I5', seed: 1 },
  { name: 'stamps-when-awake', rule: 'T3 first poll after a stall', file: `${router}/stamps.ts`, find: 'return this.#stalledAt ?? this.#look();', replace: 'this.#look();\n    return this.#clock.mono();', breaks: 'I5', seed: 112 },
  { name: 'last-answer-wins', rule: 'I2 the first answer stands', file: `${quiz}/decide/answer.ts`, find: 'if (named !== undefined && hasAnswer(named.answers, row))', replace: 'if (named !== undefined && hasAnswer(named.answers, row) && getAnswer(named.answers as Answers, row).answerId === answerId)', breaks: 'I2', seed: 1 },
  { name: 'salt-in-the-preview', rule: 'secrecy', file: `${quiz}/outputs/question-views.ts`, find: 'commit: commit(salt, committedKey(state, run.index)) };', replace: 'commit: salt || commit(salt, committedKey(state, run.index)) };', breaks: 'I6', seed: 1 },
  { name: 'welcome-not-gated', rule: 'K5 gen gated', file: 'libs/actors/src/shard/turns.ts', find: '      shard.outbox.hold(output);\n      return;', replace: "      if ((envelope?.command as { type?: string } | undefined)?.type === 'hello') output.release();\n      else shard.outbox.hold(output);\n      return;", breaks: 'I8', seed: 20 },
  { name: 'open-keeps-the-older', rule: 'K3 a newer open replaces the older', file: `${session}/link-desk.ts`, find: 'if (before !== undefined) this.deps.replies.forget(before);', replace: 'void before;', breaks: 'K5', seed: 44 },
  { name: 'open-keeps-what-was-held', rule: 'K3 a newer open discards held outputs', file: `${session}/link-desk.ts`, find: 'if (before !== undefined) this.deps.replies.forget(before);', replace: 'if (before !== undefined) this.deps.presence.removed(before);', breaks: 'K5', seed: 44 },
  { name: 'any-node-speaks', rule: 'K3 records from elsewhere are ignored', file: `${router}/delivery.ts`, find: 'if (connection.at !== from) {', replace: 'if (connection.at === null) {', breaks: 'I8', family: 'staleLink', seed: 102 },
  { name: 'deaf-to-nodes', rule: 'members: who is told of is dialled', file: `${router}/known-nodes.ts`, find: 'if (by.members.length === 0) return;', replace: 'return;', breaks: 'LIVE', family: 'unheard', seed: 2 },
  { name: 'one-address-only', rule: 'members: a failed dial goes on to the next address', file: `${router}/node-link.ts`, find: 'if (!wasReady) this.#turn++;', replace: '', breaks: 'LIVE', family: 'unheard', seed: 5 },
  { name: 'tells-once', rule: 'members: told again when they change', file: `${session}/session-edge.ts`, find: "if (link.router !== '') link.send(record);", replace: 'void [link, record];', breaks: 'LIVE', family: 'unheard', seed: 3 },
];
