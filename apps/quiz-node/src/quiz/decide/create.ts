/** The first command. What it says is checked here once, so that nothing later has to doubt it. */
import type { Command } from '../commands.js';
import type { Deck, SessionSettings } from '../definition.js';
import type { Event } from '../events.js';
import { isSecret } from '../state/secrets.js';
import type { SessionState } from '../state/state.js';
import { shuffledOrders } from './shuffle.js';
import { accept, refuse } from './verdict.js';
import type { Verdict } from './verdict.js';

type CreateCommand = Extract<Command, { type: 'create' }>;

/** accuracyFirst@1 promises that one more right answer beats any speed: that needs equal points everywhere and no streak. */
function suitsPolicy(deck: Deck, settings: SessionSettings): boolean {
  if (settings.scoring !== 'accuracyFirst@1') return true;
  const scored = deck.questions.filter((question) => question.type !== 'poll');
  return !settings.streak && scored.every((question) => question.points === scored[0]?.points);
}

export function decideCreate(state: SessionState, command: CreateCommand): Verdict {
  if (state.created !== null) return refuse(400);
  const { deck, settings, e, sessionSecret, hostTokenSha256, presenterTokenSha256, salts, seed, owner, quizId } = command;
  if (deck.questions.length === 0) return refuse(403, { detail: 'a quiz needs a question' });
  if (!suitsPolicy(deck, settings)) return refuse(403, { detail: 'accuracyFirst@1 needs the same points for every question, and no streak' });
  const secrets = [sessionSecret, hostTokenSha256, presenterTokenSha256, ...salts];
  if (salts.length !== deck.questions.length || !secrets.every(isSecret)) return refuse(102, { detail: 'secrets are 32 bytes in lower-case hex, with a salt for each question' });
  const created: Event = {
    type: 'session.created', deckSha256: deck.sha256, settings, e, sessionSecret, hostTokenSha256, presenterTokenSha256, salts, seed, owner,
    ...(quizId !== undefined && { quizId }),
    ...(settings.shuffleOptions && { optionOrder: shuffledOrders(deck.questions, seed) }),
  };
  return accept([created], { ok: true, type: 'created' });
}
