/** `/api/v1/models`: what can be configured, and models that come as descriptors. */

import * as z from 'zod';
import type { Http } from '../../app/index.ts';
import { HttpReply } from '../../app/http/route.ts';
import { supportOf } from '../../features/support.ts';
import { ModelError } from '../../model/index.ts';
import type { DescribedModels } from '../described-models/described-models.ts';
import type { ApiRoutesNeeds } from './needs.ts';
import { RestError } from './rest-error.ts';

/** Bytes of a request with a descriptor set. */
const maxDescriptors = 16 * 2 ** 20;

const registration = z.strictObject({
  descriptorSet: z.base64().min(1).describe('google.protobuf.FileDescriptorSet with all imports, in base64'),
  models: z
    .array(
      z.strictObject({
        message: z.string().describe('full name of the message'),
        module: z.string(),
        type: z.string(),
        version: z.string().optional(),
        class: z.string().optional(),
        nameTemplate: z.string().nullable().optional().describe('Go template of names; null: a singleton'),
      }),
    )
    .default([])
    .describe('which messages are models; those with the option ligato.generic.model are without being named'),
  virtual: z.boolean().default(false).describe('objects count as configured as soon as they are wanted'),
});

export type ModelRoutesNeeds = ApiRoutesNeeds & { readonly described: DescribedModels };

export function addModelRoutes(http: Http, needs: ModelRoutesNeeds): void {
  const { described } = needs;
  http.route({
    method: 'GET',
    path: '/api/v1/models',
    role: 'read',
    summary: 'models, and whether this agent can program them',
    handler: () => modelList(needs),
  });

  http.route({
    method: 'GET',
    path: '/api/v1/models/:name/sample',
    role: 'read',
    summary: 'an empty sample of a model: a file to fill in, with what each field means, or the object in JSON',
    schema: {
      params: z.object({ name: z.string() }),
      query: z.object({
        format: z.enum(['yaml', 'json']).default('yaml'),
        names: z.enum(['json', 'proto']).default('json'),
      }),
    },
    answers: 'application/yaml',
    handler: ({ params: { name }, query: { format, names } }) =>
      attempt(async () => {
        const registry = needs.models;
        const model = registry.model(name);
        const { sampleFile, sampleObject } = await import('../../model/schema/index.ts');
        if (format === 'json') return sampleObject(model, { registry, names });
        return new HttpReply(sampleFile(model, { registry, names }), { type: 'application/yaml' });
      }),
  });

  http.route({
    method: 'POST',
    path: '/api/v1/models',
    role: 'admin',
    summary: 'register models by their descriptors, for good',
    schema: { body: registration },
    maxBodyBytes: maxDescriptors,
    handler: ({ body: { descriptorSet, models, virtual } }) =>
      attempt(() => described.register({ descriptorSet: Buffer.from(descriptorSet, 'base64'), models, virtual })),
  });

  http.route({
    method: 'DELETE',
    path: '/api/v1/models/:name',
    role: 'admin',
    summary: 'forget a model that was registered by its descriptors, from the next start on',
    schema: { params: z.object({ name: z.string() }) },
    handler: ({ params: { name } }) =>
      attempt(async () => {
        await described.forget(name);
        return [{ model: name, effect: 'restart' }];
      }),
  });
}

async function attempt<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    const code = error.code === 'unknown-model' ? 'not-found' : error.code === 'duplicate' ? 'conflict' : 'invalid';
    throw new RestError(code, error.message);
  }
}

async function modelList({ models, scheduler, kernel }: ApiRoutesNeeds): Promise<object[]> {
  const handlers = new Map(scheduler.kinds().map(({ kind, handler }) => [kind.name, handler]));
  const capabilities = await kernel?.driver.capabilities();
  return models.models().map(({ name, spec, message, nameTemplate, prefix, config }) => {
    const { grade, needs = [], note } = supportOf(handlers.get(name));
    return {
      name,
      spec,
      message: message.typeName,
      prefix,
      nameTemplate: nameTemplate ?? null,
      config: config === undefined ? null : `${config.group}.${config.jsonField}`,
      engine: handlers.get(name)?.engine ?? null,
      status: grade === 'proven' ? 'implemented' : grade === 'explained' ? grade : 'UNIMPLEMENTED',
      needs,
      lacks: needs.flatMap((need) => capabilities?.missing(need) ?? []),
      note: note ?? null,
    };
  });
}
