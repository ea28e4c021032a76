import * as z from 'zod';

/** Ligato's times: nanoseconds since 1970, here in ms. */
export const nanoseconds = z
  .string()
  .regex(/^\d+$/, 'a time in nanoseconds since 1970')
  .transform((text) => Number(BigInt(text) / 1_000_000n));
