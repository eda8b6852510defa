/** zod schemas as JSON Schema for one OpenAPI document: what has a name stands once, among the components. */
import { z } from 'zod';

export type JsonObject = { readonly [key: string]: unknown };

const localPrefix = '#/$defs/';
const sharedPrefix = '#/components/schemas/';

export class SchemaBook {
  readonly #named = new Map<string, unknown>();

  /** What a client sends. */
  input(schema: z.ZodType): JsonObject {
    return this.#convert(schema, 'input');
  }

  /** What a client gets; also a query's values, as they are meant. */
  output(schema: z.ZodType): JsonObject {
    return this.#convert(schema, 'output');
  }

  get components(): JsonObject {
    return Object.fromEntries([...this.#named].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  #convert(schema: z.ZodType, io: 'input' | 'output'): JsonObject {
    const { $schema: _, $defs = {}, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
    for (const [name, definition] of Object.entries($defs)) this.#named.set(name, shared(definition));
    return shared(rest) as JsonObject;
  }
}

/** References into the schema's own definitions become references into the document's. */
function shared(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shared);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [name, name === '$ref' && typeof part === 'string' ? part.replace(localPrefix, sharedPrefix) : shared(part)]),
  );
}
