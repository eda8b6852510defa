/** Where joinUrl leads: the quiz ID to type, and the address for a client. It does not tell whether there is such a session. */
import { formatSessionId } from '@ringmaster/protocol';
import type { RouteAnswer } from '../route.js';
import { escapeHtml, page } from './html.js';

export function joinPage(origin: string, sessionId: string): RouteAnswer {
  const shown = formatSessionId(sessionId);
  const wsUrl = `${origin.replace(/^http/, 'ws')}/v1/play/${sessionId}`;
  return page(
    `Join ${shown}`,
    `<h1>Join the quiz</h1>
<p class="lead">Your quiz ID</p>
<p class="code">${escapeHtml(shown)}</p>
<p>Type it into your player app. Clients connect to</p>
<pre>${escapeHtml(wsUrl)}</pre>
<p>with the subprotocol <code>quiz.v1.json</code>, as <a href="/asyncapi.json">the protocol</a> describes.</p>`,
  );
}
