/** Fails the check with what was seen. */
export function expect(holds: unknown, otherwise: string): asserts holds {
  if (!holds) throw new Error(otherwise);
}
