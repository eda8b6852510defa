/** The tables of docs/rest.md, made of what the server itself uses. */
import { errorCodes } from '@ringmaster/protocol';
import { scopes } from '../../../src/http/api-keys.js';
import { hostTokenScopes } from '../../../src/http/authenticate.js';
import { scopeMeanings } from '../../../src/http/openapi/document.js';
import { kindOf, problemTitles, statusOfCode, typePrefix } from '../../../src/http/problem.js';
import type { Route } from '../../../src/http/route.js';

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`).join('\n');

export const sections: Readonly<Record<string, (routes: readonly Route[]) => string>> = {
  scopes: () => table(['scope', 'allows to', 'host token'], scopes.map((scope) => [`\`${scope}\``, scopeMeanings[scope], hostTokenScopes.includes(scope) ? 'yes' : ''])),
  routes: (routes) =>
    table(
      ['call', 'scope', ''],
      routes.filter((entry) => entry.page !== true).map(({ method, path, scope, summary }) => [`${method.toUpperCase()} \`${path}\``, scope === 'open' ? '' : `\`${scope}\``, summary]),
    ),
  problems: () =>
    table(
      ['status', '`type`', ''],
      Object.entries(problemTitles).flatMap(([status, title]) => {
        const named = Object.values(errorCodes).filter(({ code }) => statusOfCode[code] === Number(status));
        return [[status, `\`${typePrefix}${status}\``, title], ...named.map(({ code, name, msg }) => [status, `\`${typePrefix}${kindOf(name)}\``, `${code}: ${msg}`])];
      }),
    ),
};
