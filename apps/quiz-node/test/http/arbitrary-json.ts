/** Values that fit a JSON Schema, and values that do not: what a fuzzer sends. Knows what our documents use, and no more. */
import fc, { type Arbitrary } from 'fast-check';

export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly prefixItems?: readonly JsonSchema[];
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly examples?: readonly unknown[];
}

export type Document = Readonly<Record<string, unknown>>;

const anything = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom<unknown>('', ' ', '\u0000', '\ud800', '__proto__', 'constructor', -1, 1e308, -0, 0.1, null, true, [], {}, 'x'.repeat(5_000), Number.MAX_SAFE_INTEGER),
);
const word = fc.oneof(fc.string({ maxLength: 12 }), fc.constantFrom('a', 'b', 'q1', '=1+1', 'ünï', '💥', '../..', '%2e%2e', '1', 'true'));

export function fitting(schema: JsonSchema, document: Document): Arbitrary<unknown> {
  if (schema.$ref !== undefined) return fitting(resolve(schema.$ref, document), document);
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return fc.oneof(...choices.map((choice) => fitting(choice, document)));
  const types = typeof schema.type === 'string' ? [schema.type] : schema.type;
  if (types === undefined) return anything;
  return fc.oneof(...types.map((type) => ofType(type, schema, document)));
}

function ofType(type: string, schema: JsonSchema, document: Document): Arbitrary<unknown> {
  switch (type) {
    case 'null': return fc.constant(null);
    case 'boolean': return fc.boolean();
    case 'string': return word;
    case 'integer': return fc.integer({ min: schema.minimum ?? -1_000, max: Math.min(schema.maximum ?? 1_000_000, 2 ** 31 - 1) });
    case 'number': return fc.double({ noNaN: true, noDefaultInfinity: true });
    case 'array': return fc.array(fitting(schema.items ?? {}, document), { minLength: Math.min(schema.minItems ?? 0, 3), maxLength: Math.min(schema.maxItems ?? 4, 6) });
    default: {
      const properties = Object.entries(schema.properties ?? {}).map(([name, part]) => [name, fitting(part, document)] as const);
      return fc.record(Object.fromEntries(properties), { requiredKeys: (schema.required ?? []).filter((name) => schema.properties?.[name] !== undefined) });
    }
  }
}

function resolve(ref: string, document: Document): JsonSchema {
  return ref.slice(2).split('/').reduce((at: unknown, step) => (at as Record<string, unknown>)[step], document) as JsonSchema;
}

/** A fitting value, sometimes with a part of it replaced by anything, or with something added. */
export function nearlyFitting(schema: JsonSchema, document: Document): Arbitrary<unknown> {
  const { examples = [] } = schema.$ref === undefined ? schema : resolve(schema.$ref, document);
  const good = examples.length === 0 ? fitting(schema, document) : fc.oneof(fc.constantFrom(...examples), fitting(schema, document));
  const damaged = fc.tuple(good, fc.nat(), anything, word).map(([value, place, other, name]) => damage(value, place, other, name));
  return fc.oneof({ weight: 3, arbitrary: good }, { weight: 5, arbitrary: damaged }, { weight: 1, arbitrary: anything });
}

function damage(value: unknown, place: number, other: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return other;
  const copy: Record<string, unknown> | unknown[] = Array.isArray(value) ? [...(value as unknown[])] : { ...value };
  const keys = [...Object.keys(copy), name];
  const key = keys[place % keys.length] as string;
  const inner = (copy as Record<string, unknown>)[key];
  (copy as Record<string, unknown>)[Array.isArray(copy) && !/^\d+$/.test(key) ? '0' : key] = place % 3 === 0 ? other : damage(inner, Math.floor(place / 3), other, name);
  return copy;
}
