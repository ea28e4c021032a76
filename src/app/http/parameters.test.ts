import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as z from 'zod';
import { queryParameters } from './parameters.ts';

test('query parameters say what is accepted, whether they have to be there, and what they are without', () => {
  const flag = z.enum(['0', '1', '']).transform((text) => text !== '0');
  const schema = z.object({
    key: z.string(),
    view: z.enum(['SB', 'NB', 'cached']).default('SB'),
    limit: z.coerce.number().int().optional(),
    verbose: flag.optional(),
    states: z.union([z.string(), z.array(z.string())]).optional(),
  });
  assert.deepEqual(queryParameters(schema), [
    { name: 'key', required: true, accepts: 'text' },
    { name: 'view', required: false, accepts: 'SB, NB or cached', otherwise: 'SB' },
    { name: 'limit', required: false, accepts: 'number' },
    { name: 'verbose', required: false, accepts: '0 or 1' },
    { name: 'states', required: false, accepts: 'text or text, also several times' },
  ]);
  assert.deepEqual(queryParameters(undefined), []);
});
