/** Requests held against the product's own OpenAPI document: every answer is one that the document promises, and every route that it names is asked. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Answered, Host, Json } from './host.js';

interface Response {
  readonly content?: Readonly<Record<string, { readonly schema?: object }>>;
}
interface Operation {
  readonly responses: Readonly<Record<string, Response | { readonly $ref: string }>>;
}
export interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly responses: Readonly<Record<string, Response>> };
}

export interface Ask {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly as?: Host;
}

const verbs = ['get', 'post', 'put', 'delete', 'patch'];
const pointer = (step: string): string => step.replaceAll('~', '~0').replaceAll('/', '~1').replaceAll('{', '%7B').replaceAll('}', '%7D');

export class DocumentedRest {
  readonly asked = new Set<string>();
  private readonly ajv = new Ajv2020({ strict: false, validateFormats: false });

  constructor(
    private readonly host: Host,
    private readonly document: Document,
  ) {
    this.ajv.addSchema(document, 'doc');
  }

  get operations(): string[] {
    return Object.entries(this.document.paths).flatMap(([path, item]) => verbs.filter((verb) => item[verb]).map((verb) => `${verb} ${path}`));
  }

  /** `route` as the document writes it: `get /v1/quizzes/{quizId}`. @throws when the answer is not as the document says */
  async ask<T = Json>(route: string, expected: number, { params = {}, query = '', body, headers = {}, as = this.host }: Ask = {}): Promise<Answered<T>> {
    const [verb, template] = route.split(' ') as [string, string];
    const path = template.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
    const answer = await as.ask<T>(verb.toUpperCase(), path + query, body, headers);
    if (answer.status !== expected) throw new Error(`${verb} ${path}${query}: ${answer.status} and not ${expected}: ${JSON.stringify(answer.body).slice(0, 1_000)}`);
    this.promised(template, verb, answer);
    this.asked.add(route);
    return answer;
  }

  private promised(template: string, verb: string, { status, headers, body }: Answered<unknown>): void {
    const named = this.document.paths[template]?.[verb]?.responses[status];
    if (!named) throw new Error(`${verb} ${template}: ${status} is not in the document`);
    const at = '$ref' in named ? named.$ref : `#/paths/${pointer(template)}/${verb}/responses/${status}`;
    const response = '$ref' in named ? (this.document.components.responses[named.$ref.split('/').at(-1) as string] as Response) : named;
    const type = headers.get('content-type')?.split(';')[0] ?? '';
    if (!response.content) {
      if (body !== '') throw new Error(`${verb} ${template}: ${status} has a body that the document does not know`);
      return;
    }
    if (!response.content[type]) throw new Error(`${verb} ${template}: ${type} is not in the document`);
    if (response.content[type].schema === undefined || !/[/+]json$/.test(type)) return;
    const ref = `doc${at}/content/${pointer(type)}/schema`;
    const validate = this.ajv.getSchema(ref) ?? this.ajv.compile({ $ref: ref });
    if (!validate(body)) throw new Error(`${verb} ${template}: ${status} is not as documented: ${this.ajv.errorsText(validate.errors)}: ${JSON.stringify(body).slice(0, 500)}`);
  }
}
