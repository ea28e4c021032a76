/** Makes functions from text. The only place that does; what the text is made of is checked by those who write it. */

/** `k` are the constants that the text refers to as `k[0]`, `k[1]`...; they become variables, which the compiler can inline. */
export function generate<T>(parameters: string, body: string, k: readonly unknown[]): T {
  const used = k.map((_, index) => `const k${index} = k[${index}];`).join(' ');
  const text = body.replaceAll(/\bk\[(\d+)\]/g, 'k$1');
  // oxlint-disable-next-line typescript/no-implied-eval -- see above
  const make = new Function('k', `'use strict'; ${used} return (${parameters}) => {\n${text}\n};`) as (
    constants: readonly unknown[],
  ) => T;
  return make(k);
}
