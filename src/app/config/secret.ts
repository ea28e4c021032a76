import * as z from 'zod';

const secrets = new WeakSet<object>();

/** What stands in place of a secret wherever configuration is shown. */
export const masked = '********';

/**
 * A string that never appears in logs or in the printed configuration.
 *
 * @example
 * z.strictObject({ password: secret().optional() })
 */
export function secret(): z.ZodString {
  const schema = z.string();
  secrets.add(schema._zod.def);
  return schema;
}

export function isSecret(schema: z.core.$ZodType): boolean {
  return secrets.has(schema._zod.def);
}
