import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, readdir, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { nextChange, storeConformance } from '../testing/conformance.ts';
import type { OpenedStore } from '../testing/conformance.ts';
import { StoreError } from '../errors.ts';
import type { Store, StoreChange } from '../store.ts';
import { openFileStore } from './file-store.ts';
import type { FileStoreOptions } from './file-store.ts';

storeConformance('file, JSON', {
  open: () => opened('json'),
  openForgetful: { changes: 10, open: () => opened('json', { history: { changes: 10, bytes: 1_000_000 } }) },
});
storeConformance('file, YAML', { open: () => opened('yaml'), runs: 40 });

async function opened(layout: string, options: Partial<FileStoreOptions> = {}): Promise<OpenedStore> {
  const directory = await mkdtemp(join(tmpdir(), 'ligature-file-'));
  const path = join(directory, `store.${layout}`);
  let store = await openFileStore({ ...options, path });
  return {
    store,
    reopen: async () => {
      await store.close();
      store = await openFileStore({ ...options, path });
      return store;
    },
    dispose: async () => {
      await store.close();
      await rm(directory, { recursive: true });
    },
  };
}

describe('file store', () => {
  it('writes what a person can read, and only the owner', async (t) => {
    const { path, store, directory } = await scratch(t, 'store.json');
    await store.put('b', text('{"mtu":1500,"ips":["10.0.0.1/24"]}'));
    await store.put('a', text('plain text'));
    await store.put('c', new Uint8Array([0, 255]));
    const lines = (await readFile(path, 'utf8')).split('\n').slice(4, -3);
    assert.deepEqual(lines, [
      '    {"key": "a", "text": "plain text"},',
      '    {"key": "b", "value": {"mtu":1500,"ips":["10.0.0.1/24"]}},',
      '    {"key": "c", "base64": "AP8="}',
    ]);
    for (const file of await readdir(directory))
      assert.equal((await stat(join(directory, file))).mode & 0o777, 0o600, file);
  });

  for (const name of ['store.json', 'store.yaml', 'store.yml']) {
    it(`delivers an edit of ${name} as one change, with the same value untouched`, async (t) => {
      const { path, store } = await scratch(t, name);
      await store.transaction([put('same', '{"a":1}'), put('changed', '"old"'), put('gone', '"x"')]);
      const changes = store.watch('')[Symbol.asyncIterator]();
      const data = [
        { key: 'same', value: { a: 1 } },
        { key: 'changed', value: 'new' },
        { key: 'added', value: [true] },
      ];
      await writeFile(path, JSON.stringify({ data }, undefined, 2));
      const change = await nextChange(changes);
      assert.deepEqual(described(change), ['put changed "new"', 'put added [true]', 'delete gone']);
      await store.put('more', text('1'));
      assert.deepEqual(await keysOf(store), ['added', 'changed', 'more', 'same']);
    });
  }

  it('reads a YAML file written by hand, as cn-infra has them', async (t) => {
    const directory = await mkdtemp(join(tmpdir(), 'ligature-file-'));
    t.after(() => rm(directory, { recursive: true }));
    const path = join(directory, 'intent.yaml');
    await writeFile(path, '# mine\ndata:\n  - key: config/tap1\n    value:\n      name: tap1\n      mtu: 9000\n');
    const store = await openFileStore({ path });
    t.after(() => store.close());
    assert.equal(string((await store.get('config/tap1'))?.value), '{"name":"tap1","mtu":9000}');
  });

  it('does not lose an edit that a write meets', async (t) => {
    const { path, store } = await scratch(t, 'store.json');
    await store.put('a', text('1'));
    await replace(
      path,
      JSON.stringify({
        data: [
          { key: 'a', value: 1 },
          { key: 'edited', value: 2 },
        ],
      }),
    );
    await store.put('b', text('3'));
    assert.deepEqual(await keysOf(store), ['a', 'b', 'edited']);
    assert.match(await readFile(path, 'utf8'), /"edited"/);
  });

  it('keeps what it has, refuses writes and says where, while the file is wrong', async (t) => {
    const problems: StoreError[] = [];
    const { path, store } = await scratch(t, 'store.json', { onProblem: (problem) => problems.push(problem) });
    await store.put('a', text('1'));
    const wrong: [string, RegExp][] = [
      ['{"data": [', /not valid JSON/],
      ['{}', /a list named "data"/],
      ['{"data": [{"key": "a", "value": 1}, {"value": 1}]}', /data\[1\] has no "key"/],
      ['{"data": [{"key": "a"}]}', /data\[0\] needs one of/],
      ['{"data": [{"key": "a", "base64": "?"}]}', /data\[0\] has a "base64" that is not base64/],
      ['{"data": [{"key": "a", "value": 1}, {"key": "a", "value": 2}]}', /key "a" stands there twice/],
      ['{"revision": -1, "data": []}', /"revision" must be/],
    ];
    for (const [content, message] of wrong) {
      await replace(path, content);
      await assert.rejects(store.put('b', text('2')), (error: unknown) => {
        assert.ok(error instanceof StoreError && error.code === 'corrupt' && error.retriable, String(error));
        assert.ok(error.message.includes(path));
        assert.match(error.message, message);
        return true;
      });
      assert.equal(await readFile(path, 'utf8'), content, 'the file is left as it is');
      assert.equal(string((await store.get('a'))?.value), '1');
    }
    await replace(path, '{"data": []}');
    await store.put('b', text('2'));
    assert.deepEqual(await keysOf(store), ['b']);
  });

  it('reports a wrong edit on its own', async (t) => {
    const { promise, resolve } = Promise.withResolvers<StoreError>();
    const { path, store } = await scratch(t, 'store.yaml', { onProblem: resolve });
    await store.put('a', text('1'));
    await replace(path, 'data: [');
    const problem = await promise;
    assert.equal(problem.code, 'corrupt');
    assert.match(problem.message, /not valid YAML/);
  });

  it('tells watchers of an edit made while it was closed', async (t) => {
    const { path, store } = await scratch(t, 'store.json');
    const revision = await store.put('a', text('1'));
    await store.close();
    await writeFile(path, (await readFile(path, 'utf8')).replace('"value": 1', '"value": 2'));
    const again = await openFileStore({ path });
    t.after(() => again.close());
    const change = await nextChange(again.watch('', { from: revision })[Symbol.asyncIterator]());
    assert.equal(change.resync, true);
    assert.deepEqual(described(change), ['put a 2']);
  });

  it('goes on when the file is deleted, and brings it back', async (t) => {
    const { path, store } = await scratch(t, 'store.json');
    await store.put('a', text('1'));
    await rm(path);
    await store.put('b', text('2'));
    assert.deepEqual(await keysOf(store), ['a', 'b']);
    assert.match(await readFile(path, 'utf8'), /"key": "a"/);
  });

  it('replaces the target of a symbolic link, not the link', async (t) => {
    const directory = await mkdtemp(join(tmpdir(), 'ligature-file-'));
    t.after(() => rm(directory, { recursive: true }));
    await mkdir(join(directory, 'real'));
    await writeFile(join(directory, 'real/store.json'), '{"data":[]}');
    await symlink('real/store.json', join(directory, 'link.json'));
    const store = await openFileStore({ path: join(directory, 'link.json') });
    await store.put('a', text('1'));
    await store.close();
    assert.match(await readFile(join(directory, 'real/store.json'), 'utf8'), /"key": "a"/);
  });

  it('refuses a second opener, another ending and a file that is none', async (t) => {
    const { path, directory } = await scratch(t, 'store.json');
    const code = (expected: string) => (error: unknown) => error instanceof StoreError && error.code === expected;
    await assert.rejects(openFileStore({ path }), code('locked'));
    await assert.rejects(openFileStore({ path: join(directory, 'store.txt') }), code('usage'));
    await writeFile(join(directory, 'bytes.json'), new Uint8Array([0xff, 0xfe, 0]));
    await assert.rejects(openFileStore({ path: join(directory, 'bytes.json') }), code('corrupt'));
  });
});

async function scratch(
  t: TestContext,
  name: string,
  options: Partial<FileStoreOptions> = {},
): Promise<{ path: string; directory: string; store: Store }> {
  const directory = await mkdtemp(join(tmpdir(), 'ligature-file-'));
  const path = join(directory, name);
  const store = await openFileStore({ ...options, path });
  t.after(async () => {
    await store.close();
    await rm(directory, { recursive: true });
  });
  return { path, directory, store };
}

/** As an editor saves: whole, under the same name. */
async function replace(path: string, content: string): Promise<void> {
  await writeFile(`${path}~`, content);
  await rename(`${path}~`, path);
}

async function keysOf(store: Store): Promise<string[]> {
  return (await store.list('')).entries.map(({ key }) => key);
}

function described({ events }: StoreChange): string[] {
  return events.map((event) =>
    event.type === 'put' ? `put ${event.key} ${string(event.value)}` : `delete ${event.key}`,
  );
}

function put(key: string, value: string): { type: 'put'; key: string; value: Uint8Array } {
  return { type: 'put', key, value: text(value) };
}

function text(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}

function string(value: Uint8Array | undefined): string {
  return new TextDecoder().decode(value);
}
