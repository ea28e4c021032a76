/** Sizes of types and the code that reads and writes them. Functions are made once for each type of a scope. */

import { VppError } from '../errors.ts';
import { isScalar, scalarSizes } from '../schema/definition.ts';
import type { Field, Scope, TypeDefinition } from '../schema/definition.ts';
import { Enumeration } from './enumeration.ts';
import { nativeText } from './native.ts';
import { StructText } from './struct-text.ts';
import type { TypeCodec, TypeLookup } from './type-codec.ts';

export class TypeCodecs implements TypeLookup {
  readonly #scope: Scope;
  readonly #known = new Map<string, TypeCodec>();
  readonly #open = new Set<string>();

  constructor(scope: Scope) {
    this.#scope = scope;
  }

  type(key: string, owner: string): TypeCodec {
    if (isScalar(key)) return { kind: 'scalar', size: scalarSizes[key], scalar: key };
    const known = this.#known.get(key);
    if (known) return known;
    const definition = this.#scope.type(key);
    if (!definition) throw invalid(owner, `uses ${key}, which is not defined`);
    if (this.#open.has(key)) throw invalid(key, 'contains itself');
    this.#open.add(key);
    try {
      const made = this.#make(definition, key);
      this.#known.set(key, made);
      return made;
    } finally {
      this.#open.delete(key);
    }
  }

  #make(definition: TypeDefinition, key: string): TypeCodec {
    const made = this.#plain(definition, key);
    const text = nativeText(definition.name);
    // Another thing of that name is no address.
    return text && text.size === made.size ? { kind: 'native', size: text.size, name: definition.name, text } : made;
  }

  #plain(definition: TypeDefinition, key: string): TypeCodec {
    switch (definition.kind) {
      case 'alias':
        return this.#alias(definition.to, key);
      case 'enum':
      case 'flags': {
        const size = scalarSizes[definition.base];
        const names = new Enumeration(definition, 256 ** size - 1);
        return { kind: definition.kind, size, base: definition.base, names };
      }
      case 'union':
        return new StructText(definition.name, definition.fields, this).union();
      case 'struct':
        return new StructText(definition.name, definition.fields, this).struct();
    }
  }

  #alias(to: Field, key: string): TypeCodec {
    const target = this.type(to.type, key);
    if (to.repeat === undefined) return target;
    if (to.type !== 'u8' || !('times' in to.repeat)) throw invalid(key, 'is an alias of an array that is not of bytes');
    return { kind: 'bytes', size: to.repeat.times };
  }
}

function invalid(name: string, problem: string): VppError {
  return new VppError('invalid-definition', `message definitions: ${name} ${problem}`);
}
