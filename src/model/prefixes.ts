import type { Model } from './model.ts';

/** Finds the model of a key by its leading segments: one Map look-up for each distinct length of prefixes. */
export class PrefixIndex {
  readonly #models = new Map<string, Model>();
  /** Number of segments of the prefixes, longest first. */
  #lengths: readonly number[] = [];

  add(model: Model): void {
    const path = withoutSlash(model.prefix);
    this.#models.set(path, model);
    this.#lengths = [...new Set([...this.#lengths, path.split('/').length])].sort((left, right) => right - left);
  }

  /** The registered model whose keys would be mixed up with those of `model`. */
  overlapping(model: Model): Model | undefined {
    const path = `${withoutSlash(model.prefix)}/`;
    for (const [other, registered] of this.#models) {
      if (path.startsWith(`${other}/`) || `${other}/`.startsWith(path)) return registered;
    }
    return undefined;
  }

  /** The model whose object this key names; a prefix alone names none, unless the model is a singleton. */
  find(key: string): Model | undefined {
    for (const length of this.#lengths) {
      const end = endOfSegment(key, length);
      if (end < 0) continue;
      const model = this.#models.get(end === key.length ? key : key.slice(0, end));
      if (model !== undefined && model.singleton === (end === key.length)) return model;
    }
    return undefined;
  }
}

/** Offset of the slash after the n-th segment, or the key's length when the key ends there; -1 when it is shorter. */
function endOfSegment(key: string, count: number): number {
  let end = -1;
  for (let index = 0; index < count; index++) {
    end = key.indexOf('/', end + 1);
    if (end < 0) return index === count - 1 ? key.length : -1;
  }
  return end;
}

function withoutSlash(prefix: string): string {
  return prefix.endsWith('/') ? prefix.slice(0, -1) : prefix;
}
