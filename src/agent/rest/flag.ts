import * as z from 'zod';

/** A parameter that is on or off: `?replace` is as `?replace=true`. */
export function flag(otherwise: boolean) {
  return z
    .enum(['0', '1', 'true', 'false', ''])
    .default(otherwise ? 'true' : 'false')
    .transform((text) => text !== '0' && text !== 'false');
}
