/** The built-in definitions as text; `../schema/pack.ts` reads it. Made by scripts/vpp-schema.ts. */
export declare const pack: string;
