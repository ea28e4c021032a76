/** What every room has to keep to: a README of its own, and a name that says what lives there. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const vague = new Set(['util', 'utils', 'helper', 'helpers', 'common', 'misc']);
const tops = ['src', 'test', 'bench', 'scripts', 'examples', 'docs', 'web'];
const unseen = new Set(['node_modules', 'dist', 'generated', 'gen']);

/** Folders anywhere in the tree whose name says nothing (`utils`). */
export function misplacedFolders(root: string): readonly string[] {
  return tops
    .flatMap((top) => foldersUnder(join(root, top), top))
    .filter((path) => vague.has(path.slice(path.lastIndexOf('/') + 1)))
    .map((path) => `${path}: a helper lives with the one that needs it, or is a noun of its own`);
}

/** Rooms (`src/<room>`, `src/features/<feature>`, the top folders) with code and without README.md. */
export function roomsWithoutReadme(root: string): readonly string[] {
  const rooms = [
    ...tops.filter((top) => top !== 'src'),
    ...childrenOf(root, 'src').flatMap((room) => [room, ...(room === 'src/features' ? childrenOf(root, room) : [])]),
  ];
  return rooms
    .filter((room) => existsSync(join(root, room)) && !existsSync(join(root, room, 'README.md')))
    .map((room) => `${room}: README.md is missing (what lives here, what it may import, how to add to it)`);
}

function childrenOf(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !unseen.has(entry.name))
    .map((entry) => `${folder}/${entry.name}`);
}

function foldersUnder(folder: string, shown: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !unseen.has(entry.name))
    .flatMap((entry) => [
      `${shown}/${entry.name}`,
      ...foldersUnder(join(folder, entry.name), `${shown}/${entry.name}`),
    ]);
}
