/** The HTTP surface of the router: three paths of its own, everything else but what is between nodes is forwarded. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { sendProblem } from './problem.js';

export interface OwnRoutes {
  readonly ready: () => boolean;
  readonly metrics: () => Promise<{ readonly type: string; readonly text: string }>;
  readonly forward: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(JSON.stringify(value));
}

export function requestListener({ ready, metrics, forward }: OwnRoutes): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    const path = request.url?.split('?', 1)[0] ?? '/';
    // What nodes ask each other is not for the outside.
    if (path.startsWith('/internal')) return sendProblem(response, { status: 404, kind: '404', detail: 'there is nothing here' });
    switch (path) {
      case '/livez':
        return sendJson(response, 200, { status: 'alive' });
      case '/readyz':
        return ready() ? sendJson(response, 200, { status: 'ready' }) : sendJson(response, 503, { status: 'not ready' });
      case '/metrics':
        return void metrics().then(
          ({ type, text }) => response.writeHead(200, { 'content-type': type }).end(text),
          () => response.destroy(),
        );
      default:
        return void forward(request, response);
    }
  };
}
