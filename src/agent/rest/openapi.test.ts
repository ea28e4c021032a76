import { Validator } from '@seriousme/openapi-schema-validator';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { httpPlugin } from '../../app/index.ts';
import { startTestAgent } from '../../client/testing.ts';

interface Document {
  readonly paths: Readonly<
    Record<
      string,
      Readonly<
        Record<
          string,
          {
            readonly operationId: string;
            readonly parameters?: readonly { readonly name: string; readonly schema: object }[];
          }
        >
      >
    >
  >;
}

test('the agent describes every route it has, in a valid OpenAPI document', async () => {
  await using agent = await startTestAgent();
  const http = agent.application.api(httpPlugin);
  const document = (await (await fetch(`${http.url}/api/v1/openapi.json`)).json()) as Document;
  const { valid, errors } = await new Validator().validate(structuredClone(document) as never);
  assert.ok(valid, JSON.stringify(errors));
  const described = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const routes = http.routes.map(
    ({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}').replace(/\*$/, '{rest}')}`,
  );
  assert.deepEqual(described.sort(), routes.sort());
  const ids = Object.values(document.paths).flatMap((methods) =>
    Object.values(methods).map(({ operationId }) => operationId),
  );
  assert.equal(new Set(ids).size, ids.length, 'ids of operations are unique');
  const parameters = document.paths['/api/v1/graph/nodes']?.['get']?.parameters;
  assert.deepEqual(parameters?.find(({ name }) => name === 'depth')?.schema, {
    default: 1,
    type: 'integer',
    minimum: 1,
    maximum: 10,
  });
});
