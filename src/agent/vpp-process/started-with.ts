/** With which settings VPP was started: what changed since counts when it is started next. */

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { VppProcessSettings } from './settings.ts';

/** Those that VPP itself gets. */
const ofVpp = [
  'binary',
  'main-core',
  'workers',
  'worker-cores',
  'heap',
  'buffers',
  'hugepages',
  'poll-sleep',
  'cards',
  'plugins',
  'extra',
] as const satisfies readonly (keyof VppProcessSettings)[];

const fileIn = (directory: string): string => join(directory, 'started-with.json');

export async function writeStartedWith(directory: string, settings: VppProcessSettings): Promise<void> {
  const used = Object.fromEntries(ofVpp.map((name) => [name, settings[name]]));
  await writeFile(fileIn(directory), JSON.stringify(used), { mode: 0o600 });
}

/** Names of settings that are not those of the VPP that runs; none when nobody wrote down how it was started. */
export async function changedSince(directory: string, settings: VppProcessSettings): Promise<readonly string[]> {
  const used = await readFile(fileIn(directory), 'utf8').then(
    (text) => JSON.parse(text) as Readonly<Record<string, unknown>>,
    () => undefined,
  );
  return used === undefined ? [] : ofVpp.filter((name) => !isDeepStrictEqual(used[name], settings[name]));
}
