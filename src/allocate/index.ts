export { Allocator } from './allocator.ts';
export type { Allocation } from './allocator.ts';
export { AllocateError } from './errors.ts';
export type { AllocateErrorCode } from './errors.ts';
export { addressPool, numberPool, prefixPool } from './pool.ts';
export type { AddressPoolOptions, NumberPoolOptions, Pool, PrefixPoolOptions } from './pool.ts';
