/** FNV-1a of the text in UTF-8, 32 bits (draft-eastlake-fnv): the same in every process, for numbers that are made of names. */
export function fnv1a(text: string): number {
  let hash = 0x811c_9dc5;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x0100_0193) >>> 0;
  return hash;
}
