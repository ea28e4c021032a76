/**
 * Keys name objects. A key is a path of segments separated by `/`, without a leading slash
 * and without the agent prefix (`/vnf-agent/<label>/` is the store's business).
 */

declare const keyBrand: unique symbol;

/** The key of an object or of a part of one, e.g. `config/vpp/v2/interfaces/tap1`. */
export type Key = string & { readonly [keyBrand]: 'Key' };

/** Marks text that is known to be a well-formed key. Checks nothing. */
export function asKey(text: string): Key {
  return text as Key;
}

/**
 * The one matching rule for prefixes, in both directions of the graph: whole path segments.
 * `a/b` and `a/b/` both cover `a/b/c` and neither covers `a/bc`; a prefix covers itself.
 */
export function isUnder(prefix: string, key: string): boolean {
  const length = prefix.endsWith('/') ? prefix.length - 1 : prefix.length;
  if (!key.startsWith(length === prefix.length ? prefix : prefix.slice(0, length))) return false;
  return key.length === length || key.charCodeAt(length) === 47;
}
