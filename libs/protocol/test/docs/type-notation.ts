import { z } from 'zod';
import { openedSchema, previewSchema, revealedSchema } from '../../src/player/question-messages.js';
import { sessionSettingsSchema } from '../../src/player/session-messages.js';
import { meResultSchema, standingSchema } from '../../src/player/standing-messages.js';
import { answerValueSchema, answeredSchema, keySchema, phaseSchema, questionTypeSchema, receiptSchema } from '../../src/player/values.js';

interface Node {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Node[];
  readonly oneOf?: readonly Node[];
  readonly properties?: Readonly<Record<string, Node>>;
  readonly required?: readonly string[];
  readonly items?: Node | readonly Node[];
  readonly additionalProperties?: Node | boolean;
}

const write = (node: Node): string => {
  if ('const' in node) return JSON.stringify(node.const);
  if (node.enum !== undefined) return node.enum.map((value) => JSON.stringify(value)).join(' | ');
  const choices = node.anyOf ?? node.oneOf;
  if (choices !== undefined) return choices.map(write).join(' | ');
  if (node.type === 'object') return writeObject(node);
  if (node.type === 'array') {
    if (Array.isArray(node.items)) return `[${(node.items as readonly Node[]).map(write).join(', ')}]`;
    const item = write(node.items as Node);
    return item.includes(' | ') ? `(${item})[]` : `${item}[]`;
  }
  if (node.type === undefined) throw new Error(`no notation for ${JSON.stringify(node)}`);
  return node.type;
};

const writeObject = ({ properties = {}, required = [], additionalProperties }: Node): string => {
  const fields = Object.entries(properties).map(([name, value]) => `${name}${required.includes(name) ? '' : '?'}: ${write(value)}`);
  if (fields.length === 0 && typeof additionalProperties === 'object' && additionalProperties.type !== undefined) return `{[key]: ${write(additionalProperties)}}`;
  return fields.length === 0 ? '{}' : `{${fields.join(', ')}}`;
};

const notationOf = (schema: z.ZodType): string => write(z.toJSONSchema(schema, { target: 'draft-7', io: 'input', unrepresentable: 'any' }) as Node);

/** Parts that occur in many messages, larger ones first: a part may have smaller ones in it. */
const parts: readonly (readonly [string, z.ZodType])[] = [
  ['QuestionOpened', openedSchema],
  ['QuestionPreview', previewSchema],
  ['QuestionRevealed', revealedSchema],
  ['MeResult', meResultSchema],
  ['Settings', sessionSettingsSchema],
  ['Answered', answeredSchema],
  ['Receipt', receiptSchema],
  ['Standing', standingSchema],
  ['Key', keySchema],
  ['AnswerValue', answerValueSchema],
  ['QuestionType', questionTypeSchema],
  ['Phase', phaseSchema],
];

const abridge = (notation: string, names: readonly (readonly [string, z.ZodType])[]): string =>
  names.reduce((text, [name, schema]) => text.replaceAll(notationOf(schema), name), notation);

/** A schema in one line, as TypeScript would write it, with `integer` for whole numbers and the parts by name. */
export function typeNotation(schema: z.ZodType): string {
  return abridge(notationOf(schema), parts);
}

/** What the names stand for, one line each. */
export function partNotations(): string[] {
  return parts.map(([name, schema], i) => `${name} = ${abridge(notationOf(schema), parts.slice(i + 1))}`);
}
