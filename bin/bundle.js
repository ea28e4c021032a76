/**
 * Runs a bundle of dist/ (CommonJS) with what V8 made of it when it ran once (scripts/build-code-cache.ts). Node's own compile
 * cache holds what V8 compiles before a module runs, not the functions that it then calls: those are a fifth of the agent's
 * start.
 */
import { existsSync, readFileSync } from 'node:fs';
import module, { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { Script, constants } from 'node:vm';

/** Where the cache of a bundle is, if it was made by this very Node: of another one V8 would refuse it. */
export function codeCacheOf(path) {
  return `${path}.${process.versions.node}-${process.arch}.cache`;
}

/** The exports of a bundle. */
export function loadBundle(path) {
  const cache = codeCacheOf(path);
  if (!existsSync(cache)) return createRequire(path)(path);
  return runScript(path, compileScript(path, readFileSync(cache)));
}

/** The whole bundle as one script. A cache that V8 refuses (made with other flags) is as good as none. */
export function compileScript(path, cachedData) {
  return new Script(module.wrap(readFileSync(path, 'latin1')), {
    filename: path,
    cachedData,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
}

/** Runs it as `require` would. */
export function runScript(path, script) {
  const loaded = { exports: {} };
  const run = script.runInThisContext();
  run.call(loaded.exports, loaded.exports, createRequire(path), loaded, path, dirname(path));
  return loaded.exports;
}
