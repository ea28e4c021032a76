/** Where definitions come from that the built-in pack does not have: VPP itself, or its files. */

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Connection } from '../connection/connection.ts';
import { ApiModules, readApiModule } from './api-json.ts';
import type { SchemaSource } from './definition.ts';

interface Options {
  readonly version: string;
  readonly folder: string;
  readonly log: { warn(details: object, message: string): void };
}

/** What was learned of a VPP stays, as definitions of one build do not change: text of the unknown messages -> definitions. */
const learned = new Map<string, SchemaSource>();
const REMEMBERED = 4;

/** Looks for definitions of the messages that the pack does not know. Never rejects: what stays unknown is unavailable. */
export async function learnDefinitions(connection: Connection, options: Options): Promise<void> {
  const { table } = connection;
  const unknown = table.unknown();
  if (unknown.length === 0) return;
  const build = `${options.version} ${unknown.map(({ name, has }) => `${name}_${has}`).join(' ')}`;
  let source = learned.get(build);
  if (!source) {
    source = (await fromVpp(connection, options)) ?? (await fromFiles(options));
    if (!source) return;
    if (learned.size >= REMEMBERED) learned.clear();
    learned.set(build, source);
  }
  table.learn(source);
}

/** VPP from 24.06 on tells the definitions of all modules but `memclnt`: a JSON list of what is in the files. */
async function fromVpp(connection: Connection, { log }: Options): Promise<SchemaSource | undefined> {
  if (connection.table.missing('get_api_json') !== undefined) return undefined;
  try {
    const { json } = (await connection.request('get_api_json', {}, { timeout: 30_000 })) as { readonly json: string };
    const modules: unknown = JSON.parse(json);
    if (!Array.isArray(modules)) throw new TypeError('the definitions are no list');
    return collect(modules as readonly unknown[], log);
  } catch (error) {
    log.warn({ err: error }, 'VPP does not tell its message definitions');
    return undefined;
  }
}

async function fromFiles({ folder, log }: Options): Promise<SchemaSource | undefined> {
  const modules: unknown[] = [];
  try {
    for (const file of await readdir(folder, { recursive: true })) {
      if (!file.endsWith('.api.json')) continue;
      modules.push(JSON.parse(await readFile(join(folder, file), 'utf8')));
    }
  } catch (error) {
    log.warn({ err: error }, `message definitions in ${folder} cannot be read`);
  }
  return modules.length === 0 ? undefined : collect(modules, log);
}

/** A module that cannot be used does not spoil the others. */
function collect(modules: readonly unknown[], log: Options['log']): SchemaSource {
  const source = new ApiModules();
  for (const module of modules) {
    try {
      source.add(readApiModule(module));
    } catch (error) {
      log.warn({ err: error }, 'a module of message definitions cannot be used');
    }
  }
  return source;
}
