/** Parameters of `/api/v1/configuration`: what nobody knows is an error, never silence. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClientError } from '../../client/errors.ts';
import { type Call, HttpClient } from '../../client/http.ts';
import { startTestAgent } from '../../client/testing.ts';

const path = '/api/v1/configuration';
const loops = (...names: readonly string[]) =>
  `vppConfig: { interfaces: [${names.map((name) => `{ name: ${name}, type: SOFTWARE_LOOPBACK, enabled: true }`).join(', ')}] }`;

test('flags are 0, 1, true, false or empty; other values and unknown parameters are refused by name', async () => {
  await using agent = await startTestAgent();
  const http = new HttpClient({ socketPath: agent.socketPath });
  const put = (query: Call['query'], ...names: readonly string[]) =>
    http.json({ method: 'PUT', path, query, body: loops(...names) });
  const names = async () =>
    (
      await http.json<readonly { readonly name: string }[]>({
        path: '/api/v1/values',
        query: { model: 'vpp.interfaces' },
      })
    )
      .map(({ name }) => name)
      .sort();
  await put({}, 'a', 'b');
  for (const name of ['replace', 'verify', 'revert', 'retry'])
    await assert.rejects(put({ [name]: 'banana' }, 'c'), (error) => {
      assert.ok(error instanceof ClientError);
      assert.equal(error.status, 400);
      assert.match(error.message, new RegExp(`${name}: expected one of 0, 1, true, false, found the text "banana"`));
      return true;
    });
  await assert.rejects(
    put({ replase: '1' }, 'c'),
    /replase: is not known here; accepted: source, .*did you mean "replace"/,
  );
  await assert.rejects(http.json({ path: '/api/v1/sources', query: { x: 1 } }), /x: is not known here; no parameter/);
  await assert.rejects(http.json({ path: '/api/v1/values', query: { stat: 'FAILED' } }), /did you mean "state"/);
  assert.deepEqual(await names(), ['a', 'b']);
  for (const value of ['0', 'false']) await put({ replace: value, retry: value }, 'c');
  assert.deepEqual(await names(), ['a', 'b', 'c']);
  await put({ replace: '' }, 'b', 'c');
  assert.deepEqual(await names(), ['b', 'c']);
  await put({ replace: '1', verify: 'true' }, 'c');
  assert.deepEqual(await names(), ['c']);
  // Ligato ignored what it did not know; its clients may count on that.
  await http.text({ path: '/configuration', query: { pretty: 1 } });
});
