import type { Result } from './result.ts';
export async function benchPods(): Promise<readonly Result[]> { return []; }
