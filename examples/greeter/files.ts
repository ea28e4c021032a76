/**
 * The engine: how people and greetings are made of files. `people/ann` holds a title, `greetings/hi` what is said. The
 * directory belongs to the agent: what nobody wants is removed.
 */

import { create } from '@bufbuild/protobuf';
import { asKey, type Key } from 'ligature/model';
import type { Handler, OperationContext, RetrieveContext, Retrieved } from 'ligature/scheduler';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Greeting, GreetingSchema, type Person, PersonSchema } from './gen/greeter_pb.ts';
import { greetingKind, personKind } from './model.ts';

/** Bounds: 16 operations at a time; what takes longer than 5 s counts as unknown and is looked up. */
export const filesEngine = { name: 'files', concurrency: 16, deadline: 5000 };

/** How one kind is written into a file, and read back. */
interface Format<V extends object> {
  readonly kind: string;
  readonly prefix: string;
  readonly folder: string;
  write(value: V): string;
  /** Of whatever the file holds. */
  read(name: string, text: string): V;
}

/** Makes objects of one kind: a file each. */
export class FileHandler<V extends { readonly name: string }> implements Handler<V, undefined> {
  readonly engine = filesEngine.name;
  readonly kind: string;
  readonly #format: Format<V>;
  readonly #folder: string;

  constructor(directory: string, format: Format<V>) {
    this.kind = format.kind;
    this.#format = format;
    this.#folder = join(directory, format.folder);
  }

  async create({ signal }: OperationContext, _key: Key, value: V): Promise<undefined> {
    await mkdir(this.#folder, { recursive: true });
    await writeFile(join(this.#folder, value.name), this.#format.write(value), { signal });
  }

  /** Without this method every change would be a removal and a creation. */
  update(context: OperationContext, key: Key, _from: V, to: V): Promise<undefined> {
    return this.create(context, key, to);
  }

  async remove(_context: OperationContext, _key: Key, { name }: V): Promise<void> {
    await rm(join(this.#folder, name), { force: true });
  }

  /** What is really there: after a restart, and to find what others changed. */
  async retrieve({ signal }: RetrieveContext<V, undefined>): Promise<readonly Retrieved<V, undefined>[]> {
    const found: Retrieved<V, undefined>[] = [];
    for (const name of await readdir(this.#folder).catch(ignoreMissing)) {
      const text = await readFile(join(this.#folder, name), { encoding: 'utf8', signal });
      const value = this.#format.read(name, text);
      found.push({ key: asKey(this.#format.prefix + name), value, metadata: undefined, origin: 'ours' });
    }
    return found;
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): string[] {
  if (error.code === 'ENOENT') return [];
  throw error;
}

export function peopleIn(directory: string) {
  return new FileHandler<Person>(directory, {
    kind: personKind.name,
    prefix: personKind.prefix,
    folder: 'people',
    write: ({ title }) => title,
    read: (name, title) => create(PersonSchema, { name, title }),
  });
}

export function greetingsIn(directory: string) {
  return new FileHandler<Greeting>(directory, {
    kind: greetingKind.name,
    prefix: greetingKind.prefix,
    folder: 'greetings',
    write: ({ words, to }) => `${words}, ${to}!\n`,
    read(name, text) {
      const [, words, to] = /^([^,]*), ([^,]*)!\n$/.exec(text) ?? [];
      return create(GreetingSchema, { name, words: words ?? text, to: to ?? '' });
    },
  });
}
