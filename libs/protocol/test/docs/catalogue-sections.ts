/** The parts of docs/protocol.md that the catalogues dictate, as Markdown. */
import { closeCodes } from '../../src/close-codes.js';
import { errorCodes } from '../../src/error-codes.js';
import { limitCatalogue } from '../../src/limits.js';
import { clientExamples, okExamples } from '../../src/player/client-examples.js';
import { clientMessages, clientTypes } from '../../src/player/client-messages.js';
import { serverExamples } from '../../src/player/server-examples.js';
import { serverMessages, serverTypes } from '../../src/player/server-messages.js';
import { roles } from '../../src/roles.js';
import { partNotations, typeNotation } from './type-notation.js';

const table = (head: readonly string[], rows: readonly (readonly (string | number)[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`).join('\n');

const code = (lines: readonly string[], language: string): string => ['```' + language, ...lines, '```'].join('\n');
const line = (value: unknown): string => JSON.stringify(value);

const commandTypes = (): string[] =>
  clientTypes.flatMap((t) => {
    const { d, ok } = clientMessages[t];
    const payload = t === 'host.cmd' ? '{cmdId: string, cmd: string, ifSeq?: integer, args?: {…}}' : typeNotation(d);
    return [`${t}  ${payload}`, `    → ${ok === null ? 'welcome' : typeNotation(ok)}`];
  });

const orders = (): string[] =>
  clientMessages['host.cmd'].d.options.map(({ shape }) => {
    const args = typeNotation(shape.args);
    return args === '{}' ? shape.cmd.value : `${shape.cmd.value}  ${args}`;
  });

export const sections: Readonly<Record<string, () => string>> = {
  commands: () => table(['`t`', 'from', 'meaning'], clientTypes.map((t) => [`\`${t}\``, clientMessages[t].from.length === roles.length ? 'all' : clientMessages[t].from.join(', '), clientMessages[t].about])),
  'command-types': () => code(commandTypes(), 'text'),
  orders: () => code(orders(), 'text'),
  messages: () => table(['`t`', 'stream', 'meaning'], serverTypes.map((t) => [`\`${t}\``, serverMessages[t].streams.join(', '), serverMessages[t].about])),
  'message-types': () => code(serverTypes.filter((t) => t !== 'ok').map((t) => `${t}  ${typeNotation(serverMessages[t].d)}`), 'text'),
  parts: () => code(partNotations(), 'text'),
  errors: () =>
    table(
      ['code', 'name', '`retry`', 'meaning', 'what a client does', 'after a refused hello'],
      Object.values(errorCodes).map(({ code: number, name, retry, msg, client, afterHello }) => [
        number, name, retry ? 'yes' : 'no', msg, client, afterHello === 'stays' ? 'socket stays' : afterHello === 'never' ? '–' : closeCodes[afterHello].code,
      ]),
    ),
  closes: () =>
    table(
      ['code', 'name', 'connect again', 'reason', 'what a client does'],
      Object.values(closeCodes).map(({ code: number, name, reconnect, reason, client }) => [number, name, reconnect ? 'yes' : 'no', reason, client]),
    ),
  limits: () => table(['name', 'default', 'meaning'], Object.entries(limitCatalogue).map(([name, { initial, about }]) => [`\`${name}\``, initial.toLocaleString('en'), about])),
  examples: () => code([...Object.values(clientExamples).map((frame) => `> ${line(frame)}`), ...Object.values(okExamples).map((frame) => `< ${line(frame)}`), ...serverTypes.filter((t) => t !== 'ok').map((t) => `< ${line(serverExamples[t])}`)], 'text'),
};
