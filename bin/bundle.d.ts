import type { Script } from 'node:vm';

export function codeCacheOf(path: string): string;
export function loadBundle(path: string): Record<string, unknown>;
export function compileScript(path: string, cachedData?: Buffer): Script;
export function runScript(path: string, script: Script): Record<string, unknown>;
