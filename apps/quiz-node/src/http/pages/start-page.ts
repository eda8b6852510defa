/** What somebody sees who opens the printed URL in a browser: what this is, and the first three steps. */
import type { RouteAnswer } from '../route.js';
import { escapeHtml, page } from './html.js';

const links: readonly (readonly [href: string, name: string, about: string])[] = [
  ['/docs', 'REST', 'Every call, to read and to try'],
  ['/openapi.json', 'OpenAPI 3.1', 'The same, for programs'],
  ['/asyncapi.json', 'AsyncAPI 3', 'The WebSocket protocol of players and hosts'],
  ['/readyz', 'Ready?', 'Whether quizzes are served'],
];

const steps = (origin: string): string => `export RM=${origin} KEY=…        # the host key that was printed at the start

# 1. a quiz and a session of it
curl -s $RM/v1/sessions -H "Authorization: Bearer $KEY" -H 'Content-Type: application/json' \\
  -d '{"quiz":{"title":"First","questions":[{"type":"numeric","text":"6 × 7 = ?","key":42}]}}'

# 2. players connect to the wsUrl of the answer; then
export ID=…                               # the sessionId of the answer
curl -s $RM/v1/sessions/$ID/commands -H "Authorization: Bearer $KEY" -H 'Content-Type: application/json' \\
  -d '{"cmdId":"1","cmd":"start"}'

# 3. who has won
curl -s $RM/v1/sessions/$ID/leaderboard -H "Authorization: Bearer $KEY"`;

export function startPage(origin: string): RouteAnswer {
  return page(
    'Ringmaster',
    `<h1>Ringmaster</h1>
<p class="lead">Live quizzes for a class or for ten thousand. This server is running, and waits for its first host.</p>
<ul class="links">
${links.map(([href, name, about]) => `<li><a href="${href}"><b>${name}</b>${about}</a></li>`).join('\n')}
</ul>
<h2>Start a quiz</h2>
<pre>${escapeHtml(steps(origin))}</pre>
<p>Questions you have already? <code>POST /v1/quizzes:import</code> takes CSV, the JSON of the Open Trivia Database, and our own; <code>dryRun=true</code> says what would become of each row.</p>
<h2>When something is wrong</h2>
<p>Every refusal is a small JSON document that says what was wrong and where. Answers that were acknowledged to players are on disk, whatever happens to this process.</p>`,
  );
}
