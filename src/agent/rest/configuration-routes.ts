/** `/configuration` as Ligato had it, and `/api/v1/configuration` for what is new: plan, difference, guarded commits. */

import * as z from 'zod';
import { duration } from '../../app/index.ts';
import type { Http } from '../../app/http/plugin.ts';
import { HttpReply, type HttpRequest } from '../../app/http/route.ts';
import { ConfigurationError } from '../../model/config/index.ts';
import type { CommitOptions, Source } from '../../scheduler/scheduler.ts';
import type { ConfigurationText, Configurator } from '../configuration/configurator.ts';
import { filesOf, filesType } from '../configuration/files.ts';
import type { Intent } from '../intent/intent.ts';
import { acknowledge } from './acknowledged.ts';
import { applyView, attempt, diffView, failuresView, planView } from './configuration-views.ts';
import { flag } from './flag.ts';
import { RestError } from './rest-error.ts';
import type { ValueJson } from './value-json.ts';

/** Bytes of a configuration that is accepted. */
const maxConfiguration = 64 * 2 ** 20;

export interface ConfigurationRoutesNeeds {
  readonly configurator: Configurator;
  readonly intent: Intent;
  readonly values: ValueJson;
  /** Priority of a source by name. */
  readonly sourceOf: (name: string) => Source;
}

const applyQuery = z.object({
  source: z
    .string()
    .regex(/^[A-Za-z0-9_.-]{1,64}$/, 'up to 64 letters, digits and _ . -')
    .default('rest'),
  file: z.string().max(4096).optional(),
  replace: flag(false),
  acknowledge,
  revert: flag(false),
  verify: flag(false),
  retry: flag(true),
  confirm: duration().optional(),
  description: z.string().max(1024).optional(),
});

type ApplyQuery = z.output<typeof applyQuery>;

export function addConfigurationRoutes(http: Http, needs: ConfigurationRoutesNeeds): void {
  addLigatoRoutes(http, needs);
  const { configurator, intent, values, sourceOf } = needs;
  const body = { body: 'bytes', maxBodyBytes: maxConfiguration } as const;

  http.route({
    method: 'PUT',
    path: '/api/v1/configuration',
    role: 'operate',
    summary: 'apply a configuration (YAML or JSON) as one transaction',
    schema: { query: applyQuery },
    ...body,
    handler: ({ query, by, ...request }) =>
      attempt(async () => applyView(await configurator.apply(given(request), applyOptions(query, sourceOf, by)))),
  });

  http.route({
    method: 'DELETE',
    path: '/api/v1/configuration',
    role: 'operate',
    summary: 'take the objects of a configuration away',
    schema: { query: applyQuery },
    ...body,
    handler: ({ query, by, ...request }) =>
      attempt(async () => applyView(await configurator.delete(given(request), applyOptions(query, sourceOf, by)))),
  });

  http.route({
    method: 'POST',
    path: '/api/v1/configuration/plan',
    role: 'read',
    summary: 'what applying a configuration would do, in which order and why',
    schema: { query: applyQuery },
    ...body,
    handler: ({ query, by, ...request }) =>
      attempt(async () => planView(await configurator.plan(given(request), applyOptions(query, sourceOf, by)), values)),
  });

  http.route({
    method: 'POST',
    path: '/api/v1/configuration/diff',
    role: 'read',
    summary: 'how a configuration differs from what is wanted',
    schema: { query: applyQuery },
    ...body,
    handler: ({ query, by, ...request }) =>
      attempt(async () => diffView(await configurator.diff(given(request), applyOptions(query, sourceOf, by)), values)),
  });

  http.route({
    method: 'GET',
    path: '/api/v1/configuration',
    role: 'read',
    summary: 'what is wanted, of all sources or of one',
    schema: {
      query: z.object({
        source: z.string().optional(),
        format: z.enum(['yaml', 'json']).default('json'),
        names: z.enum(['json', 'proto']).default('json'),
      }),
    },
    handler: ({ query }) => formatted(needs, configurator.wanted(query.source), query.format, query.names),
  });

  http.route({
    method: 'GET',
    path: '/api/v1/configuration/retrieved',
    role: 'read',
    summary: 'what the data plane holds',
    schema: {
      query: z.object({
        format: z.enum(['yaml', 'json']).default('json'),
        names: z.enum(['json', 'proto']).default('json'),
      }),
    },
    handler: async ({ query }) => formatted(needs, await configurator.retrieved(), query.format, query.names),
  });

  http.route({
    method: 'POST',
    path: '/api/v1/transactions/:seqNum/confirm',
    role: 'operate',
    summary: 'keep a guarded commit',
    schema: { params: z.object({ seqNum: z.coerce.number().int().min(0) }) },
    handler: async ({ params }) => {
      await intent.confirm(params.seqNum);
      return { seqNum: params.seqNum, confirmed: true };
    },
  });
}

function addLigatoRoutes(http: Http, { configurator, values, sourceOf, ...rest }: ConfigurationRoutesNeeds): void {
  const needs = { configurator, values, sourceOf, ...rest };
  http.route({
    method: 'GET',
    path: '/configuration',
    role: 'read',
    summary: 'what is wanted, as YAML',
    handler: () => formatted(needs, configurator.wanted(), 'yaml', 'json'),
  });

  http.route({
    method: 'PUT',
    path: '/configuration',
    role: 'operate',
    summary: 'apply a configuration in YAML; ?replace makes it all that is wanted by this source',
    schema: { query: z.object({ replace: z.string().optional(), acknowledge }) },
    body: 'bytes',
    maxBodyBytes: maxConfiguration,
    handler: ({ query, by, ...request }) =>
      attempt(async () => {
        const { commit } = await configurator.apply(given(request), {
          source: sourceOf('grpc'),
          replace: query.replace !== undefined,
          acknowledge: query.acknowledge,
          options: { description: 'PUT /configuration', by },
        });
        const failure = commit?.failures[0];
        if (failure)
          throw new RestError('failed', `${failure.key}: ${failure.error.message}`, undefined, failuresView(commit));
        return {};
      }),
  });

  http.route({
    method: 'POST',
    path: '/configuration/validate',
    role: 'read',
    summary: 'check a configuration in YAML',
    body: 'bytes',
    maxBodyBytes: maxConfiguration,
    handler: async (request) => {
      try {
        await configurator.parse(given(request));
        return {};
      } catch (error) {
        if (!(error instanceof ConfigurationError)) throw error;
        const list = error.problems.map(({ path, message, line, column }) => ({ path, error: message, line, column }));
        return new HttpReply(list, { status: 400 });
      }
    },
  });
}

function bytes(body: unknown): Uint8Array {
  return body instanceof Uint8Array ? body : new Uint8Array();
}

/** One file as it is, or several in an envelope. */
function given({ body, headers }: Pick<HttpRequest, 'body' | 'headers'>): ConfigurationText {
  const isEnvelope = headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase() === filesType;
  return isEnvelope ? { files: filesOf(bytes(body)) } : bytes(body);
}

function applyOptions(query: ApplyQuery, sourceOf: (name: string) => Source, by: string) {
  const options: CommitOptions = {
    by,
    ...(query.description === undefined ? {} : { description: query.description }),
    ...(query.revert ? { revert: true } : {}),
    ...(query.verify ? { verify: true } : {}),
    ...(query.retry ? {} : { retry: false }),
    ...(query.confirm === undefined ? {} : { confirmWithin: query.confirm }),
  };
  return {
    source: sourceOf(query.source),
    acknowledge: query.acknowledge,
    options,
    ...(query.file === undefined ? {} : { file: query.file }),
    ...(query.replace ? { replace: true } : {}),
  };
}

function formatted(
  { configurator, values }: ConfigurationRoutesNeeds,
  messages: Parameters<Configurator['format']>[0],
  format: 'yaml' | 'json',
  names: 'json' | 'proto',
): HttpReply {
  const text = configurator.format(values.maskedAll(messages), format, { names });
  return new HttpReply(text, { type: format === 'yaml' ? 'application/yaml' : 'application/json' });
}
