/** The OpenAPI document (3.1) of all routes, made of what the routes say of themselves. */

import * as z from 'zod';
import type { RouteListing } from '../../app/index.ts';
import { filesSchema, filesType } from '../configuration/files.ts';
import { askedQuery } from './acknowledged.ts';
import { answerComponents, answerJsonSchema, answerSchema } from './answers/routes.ts';

export interface OpenApiInfo {
  readonly title: string;
  readonly version: string;
}

type Json = Readonly<Record<string, unknown>>;

const roles: Readonly<Record<string, string>> = {
  public: 'Needs nothing.',
  read: 'Needs the role `read`: on loopback everybody has it.',
  operate: 'Needs the role `operate`.',
  admin: 'Needs the role `admin`.',
};

const errors: readonly (readonly [string, string])[] = [
  ['400', 'The request is wrong: `field` and `problems` say where.'],
  ['401', 'Credentials are missing or not known.'],
  ['403', 'The role is not enough, or the request comes from a foreign page.'],
  ['404', 'There is no such thing.'],
  ['429', 'Too many requests: `Retry-After` says when to come back.'],
  ['default', 'Something else went wrong.'],
];

export function openApi(routes: readonly RouteListing[], { title, version }: OpenApiInfo): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}').replace(/\*$/, '{rest}');
    (paths[path] ??= {})[route.method.toLowerCase()] = operation(route, path);
  }
  return {
    openapi: '3.1.0',
    info: {
      title,
      version,
      description:
        'On the unix socket `<state-dir>/control/http.sock` the own user and root are admin. On TCP changing needs `Authorization: Bearer` with the ' +
        'token of `<state-dir>/http-token`, or a client certificate.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{}, { token: [] }, { basic: [] }, { session: [] }],
    paths,
    components: {
      securitySchemes,
      schemas: { Error: errorSchema, ...answerComponents() },
      responses: errorResponses(),
    },
  };
}

const securitySchemes = {
  token: { type: 'http', scheme: 'bearer' },
  basic: { type: 'http', scheme: 'basic' },
  session: { type: 'apiKey', in: 'cookie', name: 'ligature-session' },
};

const errorSchema = {
  type: 'object',
  required: ['Error', 'code'],
  properties: {
    Error: { type: 'string', description: 'What went wrong, and what to do.' },
    code: { type: 'string' },
    field: { type: 'string', description: 'Path of what is wrong.' },
    problems: { type: 'array', items: { type: 'object' }, description: 'Everything that is wrong.' },
  },
};

function errorResponses(): Json {
  const content = { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } };
  return Object.fromEntries(errors.map(([status, description]) => [`Error${status}`, { description, content }]));
}

function operation(route: RouteListing, path: string): Json {
  const { method, role, summary, schema = {}, body, answers } = route;
  const known = answerSchema(method, route.path);
  const answer = known === undefined ? {} : answerJsonSchema(known);
  const parameters = [...pathParameters(path, schema.params), ...queryParameters(schema.query)];
  return {
    operationId: `${method.toLowerCase()}${path.replace(/[^A-Za-z0-9]+(\w?)/g, (_, next: string) => next.toUpperCase())}`,
    summary,
    description: roles[role] ?? '',
    tags: [tagOf(path)],
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(method === 'GET' ? {} : requestBody(schema.body, body)),
    responses: {
      '200': { description: 'Done.', content: { [answers ?? 'application/json']: { schema: answer } } },
      ...(canBeLeft(schema.query) ? { '202': { description: 'Taken on; the call did not wait for the end.' } } : {}),
      ...Object.fromEntries(errors.map(([status]) => [status, { $ref: `#/components/responses/Error${status}` }])),
    },
  };
}

/** Rollback and resync: how far the call waits is asked, and nothing else. */
function canBeLeft(query: z.ZodType | undefined): boolean {
  return query === askedQuery;
}

function tagOf(path: string): string {
  const [first = '', second = '', third = ''] = path.slice(1).split('/');
  return first === 'api' ? `${first}/${second}/${third}` : first === '' ? 'index' : first;
}

function pathParameters(path: string, schema: z.ZodType | undefined): Json[] {
  const { properties } = objectSchema(schema);
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    schema: properties[name] ?? { type: 'string' },
  }));
}

function queryParameters(schema: z.ZodType | undefined): Json[] {
  const { properties, required } = objectSchema(schema);
  return Object.entries(properties).map(([name, { description, ...rest }]) => ({
    name,
    in: 'query',
    required: required.has(name),
    ...(description === undefined ? {} : { description }),
    schema: rest,
  }));
}

interface ObjectSchema {
  readonly properties: Readonly<Record<string, Json>>;
  readonly required: ReadonlySet<string>;
}

function objectSchema(schema: z.ZodType | undefined): ObjectSchema {
  if (schema === undefined) return { properties: {}, required: new Set() };
  const json = jsonSchema(schema) as { properties?: Record<string, Json>; required?: string[] };
  return { properties: json.properties ?? {}, required: new Set(json.required) };
}

/** What is sent, before anything is filled in or converted. */
function jsonSchema(schema: z.ZodType): Json {
  const { $schema: _dialect, ...json } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return json;
}

function requestBody(schema: z.ZodType | undefined, kind: RouteListing['body']): Json {
  if (kind === 'bytes') {
    const text = { schema: { type: 'string', description: 'A configuration, as in files.' } };
    const several = { schema: jsonSchema(filesSchema) };
    return {
      requestBody: { content: { 'application/yaml': text, 'application/json': { schema: {} }, [filesType]: several } },
    };
  }
  if (schema === undefined) return {};
  return { requestBody: { required: true, content: { 'application/json': { schema: jsonSchema(schema) } } } };
}
